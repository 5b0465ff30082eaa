/*
 * Plays scripts with fuzzer.c and without libFuzzer, once whole, and once for each of the first allocations that fails:
 * replay FILE...  For coverage, where libFuzzer's own counters would be in the way.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { FAILING = 4, ALLOCATIONS = 60, LONGEST = 100000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	uint8_t *data = malloc(LONGEST);

	for (int i = 1; data != NULL && i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		size_t size;

		if (file == NULL) {
			perror(argv[i]);
			return EXIT_FAILURE;
		}
		size = fread(data, 1, LONGEST, file);
		fclose(file);
		for (uint8_t failing = 0; size > FAILING && failing < ALLOCATIONS; failing++) {
			data[FAILING] = failing;
			LLVMFuzzerTestOneInput(data, size);
		}
	}
	free(data);
	return EXIT_SUCCESS;
}
