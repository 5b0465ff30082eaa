from contextlib import closing

from interop_tests.lessons.stage import our_server
from interop_tests.programs import Client
from interop_tests.wire import SECONDS


def naive(stage):
    with closing(our_server(stage, 'upper', family='inet')) as server:
        process = stage.start_client('naive_client', [server.address[1]])
        for line in ('hello', '', 'exit'):
            stage.say('the user types %r', line)
            stage.type_line(process, line)
            stage.say('on the terminal: %r', stage.printed(process, '\n> '))
            if process.ended:
                stage.say('client: %s', stage.last_error(process))
                return


def ours(stage):
    with closing(our_server(stage, 'upper', family='inet')) as server:
        with closing(Client(stage.our_peer, server, hex_lines=False)) as client:
            for line in ('hello', '', 'exit'):
                if line == 'exit':
                    client.process.close_input()
                    stage.say('the user types Ctrl-D')
                    stage.say('on the terminal: %r', stage.printed(client.process, '\n'))
                    break
                stage.say('the user types %r', line)
                stage.type_line(client.process, line)
                stage.say('on the terminal: %r', stage.printed(client.process, '\n'))
            stage.say('the client has ended with status %d', client.process.wait(SECONDS))
