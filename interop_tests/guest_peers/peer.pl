#!/usr/bin/perl
# A peer in another language, written from docs/peer-contract.md and
# docs/wire-formats.md alone, with nothing but what perl-base has.
#
# It is the example of bringing one's own peer: one row in
# interop_tests/peers.py, and it is in the matrix.
use strict;
use warnings;
use Getopt::Long qw(GetOptionsFromArray);
use IO::Select;
use POSIX qw(WNOHANG);
use Socket qw(:all);
use Time::HiRes qw(time);    # time limits are fractions of seconds

$| = 1;
$SIG{PIPE} = 'IGNORE';

my $CHUNK = 65536;
my %FAMILY = (inet => AF_INET, inet6 => AF_INET6, unix => AF_UNIX);
my %LOOPBACK = (inet => '127.0.0.1', inet6 => '::1');
# Bytes of a length, and the order in which they are sent.
my %WIDTH = (
    u8    => [1, 'big'],
    u16be => [2, 'big'],
    u24be => [3, 'big'],
    u32be => [4, 'big'],
    u64be => [8, 'big'],
    u16le => [2, 'little'],
    u32le => [4, 'little'],
);
my %STATUS = (
    wrong => 1, unsendable => 2, 'too-long' => 3, malformed => 3, truncated => 3,
    'timed-out' => 4, unreachable => 5, reset => 5,
);
my @PROTOCOLS = qw(echo frame count upper sizeok greet command);
my %TYPE = (stream => SOCK_STREAM, dgram => SOCK_DGRAM, seqpacket => SOCK_SEQPACKET);
my $DATAGRAM = 1 << 20;    # more than any system sends by default
my %ALLOWED = (true => ['/bin/true'], false => ['/bin/false']);

# An error is a string "kind: text", thrown with die.
sub fail { my ($kind, $text) = @_; die "$kind: $text\n" }

# Framing: encode a payload, or find the first frame in a buffer.

sub encode {
    my ($format, $payload, $limit) = @_;
    my $length = length $payload;
    fail('unsendable', "message of $length bytes, the limit is $limit") if $length > $limit;
    return "$length:$payload," if $format eq 'netstring';
    if ($format eq 'varint') {
        my $head = '';
        while ($length > 0x7f) {
            $head .= chr($length & 0x7f | 0x80);
            $length >>= 7;
        }
        return $head . chr($length) . $payload;
    }
    my ($size, $order) = @{$WIDTH{$format}};
    fail('unsendable', "message of $length bytes does not fit a $format header") if $size < 8 && $length >= 256**$size;
    my $head = $order eq 'big' ? substr(pack('Q>', $length), 8 - $size) : substr(pack('Q<', $length), 0, $size);
    return $head . $payload;
}

# (size of the header, length), or nothing while the header is incomplete.
sub decode_header {
    my ($format, $buffer) = @_;
    if ($WIDTH{$format}) {
        my ($size, $order) = @{$WIDTH{$format}};
        return () if length $buffer < $size;
        my ($head, $zeros) = (substr($buffer, 0, $size), "\0" x (8 - $size));
        return ($size, $order eq 'big' ? unpack('Q>', $zeros . $head) : unpack('Q<', $head . $zeros));
    }
    if ($format eq 'netstring') {
        fail('malformed', 'netstring length') unless $buffer =~ /\A(?:0(?=:|\z)|[1-9][0-9]{0,19}(?=:|\z)|\z)/;
        return () unless $buffer =~ /\A([0-9]+):/;
        my $digits = $1;
        fail('malformed', 'netstring length over 64 bits')
            if length $digits == 20 && $digits gt '18446744073709551615';
        return (length($digits) + 1, $digits);
    }
    my $length = 0;
    for my $index (0 .. 9) {
        return () if $index >= length $buffer;
        my $byte = ord substr $buffer, $index, 1;
        fail('malformed', 'varint length over 64 bits') if $index == 9 && ($byte & 0x7f) > 1;
        $length |= ($byte & 0x7f) << 7 * $index;
        next if $byte & 0x80;
        fail('malformed', 'varint length not in shortest form') if $byte == 0 && $index > 0;
        return ($index + 1, $length);
    }
    fail('malformed', 'varint length longer than 10 bytes');
}

# Take the first frame out of a buffer: its payload, or undef.
sub next_frame {
    my ($format, $buffer, $limit) = @_;
    my ($size, $length) = decode_header($format, substr($$buffer, 0, 21)) or return undef;
    return undef unless defined $length;
    fail('too-long', "frame of $length bytes, the limit is $limit") if $length > $limit;
    my $trailer = $format eq 'netstring' ? 1 : 0;
    return undef if length $$buffer < $size + $length + $trailer;
    fail('malformed', 'netstring without a comma') if $trailer && substr($$buffer, $size + $length, 1) ne ',';
    my $payload = substr $$buffer, $size, $length;
    substr $$buffer, 0, $size + $length + $trailer, '';
    return $payload;
}

# I/O

sub ready {
    my ($select, $writing, $seconds) = @_;
    my ($can_read, $can_write) = IO::Select->select($select, $writing, undef, $seconds);
    fail('timed-out', "silence for $seconds s") unless $can_read || $can_write;
    return ($can_read, $can_write);
}

# The socket does not block: a send takes what there is room for, and the time limit holds for the wait.
sub send_all {
    my ($socket, $data, $seconds) = @_;
    while (length $data) {
        ready(undef, IO::Select->new($socket), $seconds);
        my $sent = syswrite $socket, $data;
        fail('reset', "$!") unless defined $sent || $!{EAGAIN};
        substr $data, 0, $sent, '' if $sent;
    }
}

sub recv_some {
    my ($socket, $seconds) = @_;
    ready(IO::Select->new($socket), undef, $seconds);
    my $count = sysread($socket, my $data, $CHUNK);
    fail('reset', "$!") unless defined $count;
    return $data;
}

sub address {
    my ($option) = @_;
    return pack_sockaddr_un($option->{path}) if $option->{family} eq 'unix';
    my ($error, $first) = getaddrinfo($option->{host}, $option->{port}, {
        family => $FAMILY{$option->{family}}, socktype => SOCK_STREAM, flags => AI_NUMERICSERV});
    fail('unreachable', "$error") if $error;
    return $first->{addr};
}

# A line out of a buffer, without its newline, or undef while it is incomplete.
sub next_line {
    my ($buffer, $limit) = @_;
    my $end = index $$buffer, "\n";
    fail('too-long', "line of more than $limit bytes") if ($end < 0 ? length $$buffer : $end) > $limit;
    return undef if $end < 0;
    my $line = substr $$buffer, 0, $end + 1, '';
    chop $line;
    return $line;
}

sub upper { my ($text) = @_; $text =~ tr/a-z/A-Z/; return $text }

sub greeting { return $_[0] eq '1' ? 'welcome to server!' : 'please go out!' }

# Server: one child process for each connection.

sub serve_greet {
    my ($socket, $option) = @_;
    my $end = time + $option->{timeout};
    my $line = '';
    my $in_time = eval {
        while (1) {
            my $data = recv_some($socket, $end - time > 0 ? $end - time : 0);
            my ($piece, @rest) = split /\n/, $data, -1;
            # Two bytes tell the line 1 from all others, so a line without end costs nothing.
            $line = substr $line . $piece, 0, 2 if defined $piece;
            last if @rest || !length $data;
        }
        1;
    };
    die $@ unless $in_time || $@ =~ /^timed-out/;
    send_all($socket, ($in_time ? greeting($line) : 'time out') . "\n", $option->{timeout});
    linger($socket);
}

sub serve_sizeok {
    my ($socket, $option) = @_;
    my ($buffer, $reply) = ('', undef);
    while (length(my $data = recv_some($socket, $option->{timeout}))) {
        $buffer .= $data;
        while (1) {
            if (defined $reply) {
                my $found = substr $buffer, 0, 3;
                fail('malformed', 'ok is expected') if $found ne substr "ok\n", 0, length $found;
                last if length $found < 3;
                substr $buffer, 0, 3, '';
                send_all($socket, $reply, $option->{timeout});
                undef $reply;
            } else {
                my $request = next_line(\$buffer, $option->{max_frame});
                last unless defined $request;
                $reply = upper($request);
                send_all($socket, length($reply) . "\n", $option->{timeout});
            }
        }
    }
    fail('truncated', 'end of input inside a request') if defined $reply || length $buffer;
}

sub serve_command {
    my ($socket, $option) = @_;
    my $buffer = '';
    send_all($socket, encode('u32be', 'Welcome', $CHUNK), $option->{timeout});
    while (length(my $data = recv_some($socket, $option->{timeout}))) {
        $buffer .= $data;
        while (defined(my $name = next_frame('u32be', \$buffer, $option->{max_frame}))) {
            my ($status, $output) = (127, "unknown command\n");
            if ($ALLOWED{$name}) {
                open my $program, '-|', @{$ALLOWED{$name}} or fail('reset', "$!");
                $output = join '', <$program>;
                close $program;
                $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
            }
            send_all($socket, encode('u32be', chr($status) . ($output || "Done.\n"), $CHUNK), $option->{timeout});
        }
    }
    fail('truncated', 'end of input inside a frame') if length $buffer;
}

# The answer to one datagram.
sub answer { my ($option, $data) = @_; return $option->{protocol} eq 'upper' ? upper($data) : $data }

sub serve_datagrams {
    my ($socket, $option) = @_;
    while (1) {
        my $from = recv($socket, my $data, $DATAGRAM, 0);
        next unless defined $from && length $from;
        if (length $data > $option->{max_frame}) {
            print STDERR "server: too-long: datagram of more than $option->{max_frame} bytes\n";
        } else {
            send $socket, answer($option, $data), MSG_DONTWAIT, $from;
        }
    }
}

# Over a connection that keeps the boundaries of messages. An empty one looks like the end; at the end a send fails.
sub serve_packets {
    my ($socket, $option) = @_;
    while (1) {
        ready(IO::Select->new($socket), undef, $option->{timeout});
        defined recv($socket, my $data, $DATAGRAM, 0) or fail('reset', "$!");
        fail('too-long', "datagram of more than $option->{max_frame} bytes") if length $data > $option->{max_frame};
        defined send($socket, answer($option, $data), 0) or last;
    }
}

sub serve_connection {
    my ($socket, $option) = @_;
    return serve_packets($socket, $option) if $option->{type} eq 'seqpacket';
    return serve_command($socket, $option) if $option->{protocol} eq 'command';
    return serve_greet($socket, $option) if $option->{protocol} eq 'greet';
    return serve_sizeok($socket, $option) if $option->{protocol} eq 'sizeok';
    my ($buffer, $count) = ('', 0);
    while (length(my $data = recv_some($socket, $option->{timeout}))) {
        $count += length $data;
        if ($option->{protocol} eq 'echo') {
            send_all($socket, $data, $option->{timeout});
        } elsif ($option->{protocol} eq 'upper') {
            send_all($socket, upper($data), $option->{timeout});
        } elsif ($option->{protocol} eq 'frame') {
            $buffer .= $data;
            my $out = '';
            my $ok = eval {
                while (defined(my $payload = next_frame($option->{format}, \$buffer, $option->{max_frame}))) {
                    $out .= encode($option->{format}, $payload, $option->{max_frame});
                }
                1;
            };
            my $error = $@;
            send_all($socket, $out, $option->{timeout});
            die $error unless $ok;
        }
    }
    send_all($socket, "$count\n", $option->{timeout}) if $option->{protocol} eq 'count';
    fail('truncated', 'end of input inside a frame') if length $buffer;
}

# Half-close and read the rest: closing with unread input would destroy what was just sent.
sub linger {
    my ($socket) = @_;
    shutdown $socket, SHUT_WR;
    my $end = time + 2;
    eval { 1 while time < $end && length recv_some($socket, 2) };
}

sub server {
    my ($option) = @_;
    my $family = $FAMILY{$option->{family}};
    my $is_dgram = $option->{type} eq 'dgram';
    socket(my $listener, $family, $TYPE{$option->{type}}, 0) or fail('unreachable', "$!");
    setsockopt $listener, SOL_SOCKET, SO_REUSEADDR, 1 unless $family == AF_UNIX || $is_dgram;
    bind($listener, address($option)) && ($is_dgram || listen $listener, SOMAXCONN) or fail('unreachable', "$!");
    my (%children, $stopping);
    my $stop = sub {
        kill TERM => keys %children;
        unlink $option->{path} if $family == AF_UNIX;
        exit 0;
    };
    # Only noted: between fork and the line that remembers the child, it would be left behind.
    $SIG{TERM} = $SIG{INT} = sub { $stopping = 1; $stop->() if $is_dgram };
    if ($family == AF_UNIX) {
        print "LISTENING $option->{path}\n";
    } else {
        my ($error, $host, $port) = getnameinfo(getsockname $listener, NI_NUMERICHOST | NI_NUMERICSERV);
        print "LISTENING $host $port\n";
    }
    serve_datagrams($listener, $option) if $is_dgram;
    until ($stopping) {
        while ((my $ended = waitpid -1, WNOHANG) > 0) { delete $children{$ended} }
        # Perl runs a handler between two operations: one that comes just before a wait is late by the wait's limit.
        next unless IO::Select->new($listener)->can_read(0.5) && accept(my $socket, $listener);
        my $child = fork;
        if (defined $child && $child == 0) {
            $SIG{TERM} = $SIG{INT} = 'DEFAULT';
            exit 0 if $stopping;
            close $listener;
            serve_to_the_end($socket, $option);
            exit 0;
        }
        $children{$child} = 1 if defined $child;
        close $socket;
    }
    $stop->();
}

sub serve_to_the_end {
    my ($socket, $option) = @_;
    $socket->blocking(0);
    return if eval { serve_connection($socket, $option); 1 };
    my $error = $@;
    print STDERR "server: $error";
    # A client that was silent, or took nothing, has had its time.
    linger($socket) unless $error =~ /^(timed-out|reset)/;
}

# Client: one loop that reads lines, sends, receives and prints.

# tr counts without copying: a line may have 32 MiB.
sub from_hex {
    my ($text) = @_;
    fail('unsendable', 'a line is not hex') if length($text) % 2 || $text =~ tr/0-9a-fA-F//c;
    return pack 'H*', $text;
}

# Whether a reply is right. The server of greet may have waited too long for the line: that is no wrong answer.
sub right {
    my ($option, $reply, $expected) = @_;
    return $reply eq $expected || $option->{protocol} eq 'greet' && $reply eq 'time out';
}

# One datagram at a time; where it may be lost, it is sent again.
sub client_of_datagrams {
    my ($option) = @_;
    my $is_dgram = $option->{type} eq 'dgram';
    my ($number, $wrong, @earlier) = (0, '');
    socket(my $socket, $FAMILY{$option->{family}}, $TYPE{$option->{type}}, 0) or fail('unreachable', "$!");
    bind $socket, pack('S', AF_UNIX) if $option->{family} eq 'unix' && $is_dgram;    # any name, see unix(7)
    connect($socket, address($option)) or fail('unreachable', "$!");
    while (defined(my $text = <STDIN>)) {
        chomp $text;
        my $message = $option->{hex} ? from_hex($text) : $text;
        my $expected = answer($option, $message);
        my ($end, $attempts, $reply) = (time + $option->{timeout}, $is_dgram ? 3 : 1);
        my $again = 0;    # when it is sent, at once and then after each second without its reply
        until (defined $reply) {
            fail('timed-out', "silence for $option->{timeout} s") if time >= $end;
            if ($attempts > 0 && time >= $again) {
                $attempts--;
                $again = time + 1;
                defined send($socket, $message, 0)
                    or fail($!{EMSGSIZE} ? 'unsendable' : $!{ECONNREFUSED} ? 'unreachable' : 'reset', "$!");
            }
            my $next = $attempts > 0 && $again < $end ? $again : $end;
            next unless IO::Select->new($socket)->can_read($next > time ? $next - time : 0);
            defined recv($socket, my $data, $DATAGRAM, 0)
                or fail($!{ECONNREFUSED} ? 'unreachable' : 'reset', "$!");
            fail('too-long', "datagram over $option->{max_frame} bytes") if length $data > $option->{max_frame};
            $reply = $data if $data eq $expected || !grep { $_ eq $data } @earlier;
        }
        $wrong ||= "wrong: a reply differs from its message\n" if $reply ne $expected;
        push @earlier, $expected;
        shift @earlier if @earlier > 16;
        print $option->{hex} ? unpack('H*', $reply) : $reply, "\n";
    }
    die $wrong if $wrong;
}

sub client {
    my ($option) = @_;
    return client_of_datagrams($option) if $option->{type} ne 'stream';
    my $attempts = $option->{protocol} eq 'count' ? 3 : 1;
    my $all = '';
    while (1) {
        my $error = eval { converse($option, \$all, $attempts); 1 } ? '' : $@;
        last unless $error;
        die $error unless $error =~ /^wrong/ && --$attempts;
    }
}

sub converse {
    my ($option, $all, $attempts) = @_;
    my $protocol = $option->{protocol};
    socket(my $socket, $FAMILY{$option->{family}}, SOCK_STREAM, 0) or fail('unreachable', "$!");
    connect($socket, address($option)) or fail('unreachable', "$!");
    $socket->blocking(0);
    my ($line, $out, $in, $wrong, $unsendable) = ('', $$all, '', '', '');
    my ($input_over, $half_closed, $closed, $size, $number) = (0, 0, 0, undef, undef);
    my @waiting;    # the replies that are owed
    my @later;      # requests of sizeok and command that wait for their turn
    my $greeted = $protocol ne 'command';
    my $message = sub {
        my ($text) = @_;
        return if $unsendable;
        if ($option->{hex}) {
            unless (defined($text = eval { from_hex($text) })) {
                ($unsendable, $input_over) = ($@, 1);
                return;
            }
        }
        my $wire = $text;
        return if $protocol eq 'greet' && $input_over;
        if ($protocol =~ /^(sizeok|greet)$/) {
            if ($text =~ /\n/) {
                ($unsendable, $input_over) = ("unsendable: a message with a newline\n", 1);
                return;
            }
            $wire .= "\n";
            $input_over = 1 if $protocol eq 'greet';
        }
        if ($protocol =~ /^(frame|command)$/) {
            my $format = $protocol eq 'frame' ? $option->{format} : 'u32be';
            unless (defined($wire = eval { encode($format, $text, $option->{max_frame}) })) {
                ($unsendable, $input_over) = ($@, 1);
                return;
            }
        }
        $$all .= $text if $protocol eq 'count';
        if (!$greeted || ($protocol =~ /^(sizeok|command)$/ && @waiting)) {
            push @later, $wire;
        } else {
            $out .= $wire;
        }
        $text = upper($text) if $protocol eq 'upper' || $protocol eq 'sizeok';
        $text = greeting($text) if $protocol eq 'greet';
        push @waiting, $text unless $protocol eq 'count';
    };
    my $print = sub {
        my ($reply) = @_;
        print $option->{hex} ? unpack('H*', $reply) : $reply, "\n";
    };
    my $settle = sub {
        if (!$greeted && defined(my $greeting = next_frame('u32be', \$in, $option->{max_frame}))) {
            fail('malformed', 'Welcome is expected') if $greeting ne 'Welcome';
            $greeted = 1;
            $out .= shift @later if @later;
        }
        while (@waiting && $greeted) {
            my $reply;
            if ($protocol eq 'echo' || $protocol eq 'upper') {
                last if length $in < length $waiting[0];
                $reply = substr $in, 0, length $waiting[0], '';
            } elsif ($protocol eq 'greet') {
                $reply = next_line(\$in, 18);
                last unless defined $reply;
            } elsif ($protocol eq 'sizeok') {
                unless (defined $size) {
                    my $line = next_line(\$in, 20);
                    last unless defined $line;
                    fail('malformed', 'a size is expected') unless $line =~ /\A[0-9]+\z/;
                    fail('too-long', "reply of $line bytes") if $line > $option->{max_frame};
                    $size = $line;
                    $out .= "ok\n";
                }
                last if length $in < $size;
                $reply = substr $in, 0, $size, '';
                undef $size;
                $out .= shift @later if @later;
            } else {
                my $format = $protocol eq 'frame' ? $option->{format} : 'u32be';
                $reply = next_frame($format, \$in, $option->{max_frame});
                last unless defined $reply;
            }
            if ($protocol eq 'command') {
                fail('malformed', 'an answer without an exit status') unless length $reply;
                $waiting[0] = $reply;    # it may be anything
                $out .= shift @later if @later;
            }
            $wrong ||= "wrong: a reply differs from its message\n" unless right($option, $reply, shift @waiting);
            $print->($reply);
        }
        # The number is there with its newline, or with the end of input where there is none.
        if ($half_closed && !defined $number && ($closed || length $in > 20 || $in =~ /\n/)) {
            fail('truncated', 'end of input before the answer') unless length $in;
            fail('malformed', 'the answer is no number') unless $in =~ s/\A([0-9]{1,20})(?:\n|\z)//;
            $number = $1;
            $wrong = 'wrong: sent ' . length($$all) . " bytes, the server counted $number\n" if $number ne length $$all;
            $print->($number) unless $wrong && $attempts > 1;
        }
        my $early = $protocol eq 'count' && !defined $number;
        fail('malformed', 'more came back than was asked for') if !@waiting && $greeted && length $in && !$early;
    };
    while (1) {
        if ($input_over && $protocol eq 'count' && !length $out && !$half_closed) {
            shutdown $socket, SHUT_WR;
            $half_closed = 1;
        }
        $settle->();
        last if $input_over && !@waiting && $greeted && !length $out && ($protocol ne 'count' || defined $number);
        last if $closed;
        my $reading = IO::Select->new($socket);
        $reading->add(\*STDIN) if !$input_over && length $out < $CHUNK;
        my $writing = length $out ? IO::Select->new($socket) : undef;
        my $owed = length $out || @waiting || $input_over;
        my ($can_read, $can_write) = IO::Select->select($reading, $writing, undef, $owed ? $option->{timeout} : undef);
        fail('timed-out', "silence for $option->{timeout} s") unless $can_read;
        for my $handle (@$can_read) {
            if ($handle == $socket) {
                my $count = sysread($socket, my $data, $CHUNK);
                fail('reset', "$!") unless defined $count;
                $closed = 1 unless $count;
                $in .= $data;
            } else {
                my $count = sysread(STDIN, my $data, $CHUNK);
                # Only what is new is searched: a line may come in hundreds of pieces.
                my ($piece, @pieces) = split /\n/, $data, -1;
                $line .= $piece if defined $piece;
                for my $next (@pieces) {
                    $message->($line);
                    $line = $next;
                }
                unless ($count) {
                    $message->($line) if length $line;
                    $input_over = 1;
                }
            }
        }
        if (@$can_write) {
            my $sent = syswrite $socket, $out;
            fail('reset', "$!") unless defined $sent || $!{EAGAIN};
            substr $out, 0, $sent, '' if $sent;
        }
    }
    if ($closed && (@waiting || !$greeted || length $in || $protocol eq 'count' && !defined $number)) {
        fail('truncated', 'end of input with replies still to come');
    }
    die $unsendable if $unsendable;
    die $wrong if $wrong;
}

# Command line

sub usage { print STDERR "usage: peer.pl server|client PROTOCOL [options], or list: $_[0]\n"; exit 2 }
sub unsupported { print STDERR "unsupported: $_[0]\n"; exit 127 }

sub options {
    my ($role, @arguments) = @_;
    my %option = (
        family => 'inet', type => 'stream', port => 0, format => 'u32be', max_frame => 16777216,
        timeout => 30, model => 'fork', hex => 0,
    );
    local $SIG{__WARN__} = sub { my $text = shift; chomp $text; usage($text) };
    my @common = map { ("$_=s" => \$option{$_}) } qw(family type host path format);
    push @common, 'port=i' => \$option{port}, 'max-frame=i' => \$option{max_frame}, 'timeout=f' => \$option{timeout};
    push @common, $role eq 'server' ? ('model=s' => \$option{model}) : ('hex' => \$option{hex});
    GetOptionsFromArray(\@arguments, @common);
    usage('one PROTOCOL is expected') unless @arguments == 1;
    $option{protocol} = $arguments[0];
    unsupported("protocol $option{protocol}") unless grep { $_ eq $option{protocol} } @PROTOCOLS;
    unsupported("format $option{format}") unless $WIDTH{$option{format}} || $option{format} =~ /\A(varint|netstring)\z/;
    unsupported("family $option{family}") unless $FAMILY{$option{family}};
    unsupported("type $option{type}") unless $TYPE{$option{type}};
    unsupported("protocol $option{protocol} over $option{type}")
        unless $option{type} eq 'stream' || $option{protocol} =~ /\A(echo|upper)\z/;
    unsupported("family $option{family} over seqpacket") if $option{type} eq 'seqpacket' && $option{family} ne 'unix';
    unsupported("model $option{model}") unless $option{model} eq 'fork';
    usage('--family unix needs --path') if $option{family} eq 'unix' && !defined $option{path};
    usage('the client needs --port') if $role eq 'client' && $option{family} ne 'unix' && !$option{port};
    $option{host} = $LOOPBACK{$option{family}} unless defined $option{host};
    return \%option;
}

sub list {
    print "protocol $_\n" for @PROTOCOLS;
    print "format $_\n" for sort(keys %WIDTH), 'varint', 'netstring';
    print "model fork\n";
    print "type $_\n" for sort keys %TYPE;
    print "family $_\n" for sort keys %FAMILY;
}

my $role = shift @ARGV || '';
if ($role eq 'list') {
    list();
    exit 0;
}
usage('server, client or list is expected') unless $role eq 'server' || $role eq 'client';
my $option = options($role, @ARGV);
binmode STDIN;
binmode STDOUT;
unless (eval { $role eq 'server' ? server($option) : client($option); 1 }) {
    my $error = $@;
    print STDERR "$role: $error";
    exit($error =~ /^([a-z-]+): / && $STATUS{$1} || 70);
}
