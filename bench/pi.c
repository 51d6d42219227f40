/*
 * The yardstick for package kernels/pi: the same streams and the same rounding
 * in plain C, written so that the compiler can vectorize it. The definition is
 * in the package comment of kernels/pi.
 *
 *   gcc -O3 -march=native -ffp-contract=off -o pi bench/pi.c
 *   ./pi SAMPLES SEED      one thread; prints "hits seconds"
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Two blocks at once: with GCC 12 on an AVX-512 machine that is faster than
 * one (2.4 against 3.2 G samples/s there), three or four. */
enum { LANES = 8, GROUP = 2, BLOCK_SAMPLES = 1 << 16 };
static const uint64_t GAMMA = 0x9e3779b97f4a7c15u;

static uint64_t mix(uint64_t z) {
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline uint64_t rotl(uint64_t x, int k) { return x << k | x >> (64 - k); }

/* One step of lane l. A macro, because GCC 12 vectorizes the loop over the
 * lanes only when the step stands in it as written. */
#define NEXT(out)                          \
    do {                                   \
        out = rotl(a[l] + d[l], 23) + a[l]; \
        uint64_t t = b[l] << 17;           \
        c[l] ^= a[l];                      \
        d[l] ^= b[l];                      \
        b[l] ^= c[l];                      \
        a[l] ^= d[l];                      \
        c[l] ^= t;                         \
        d[l] = rotl(d[l], 45);             \
    } while (0)

/* Coordinates are scaled by 2^63, so the circle's radius is 2^63. */
static inline double coordinate(uint64_t u) { return (double)(int64_t)(u & ~(uint64_t)0x7ff); }

typedef struct {
    uint64_t a[GROUP * LANES], b[GROUP * LANES], c[GROUP * LANES], d[GROUP * LANES];
} lanes;

static void seed_lanes(lanes *set, uint64_t seed, uint64_t block) {
    for (uint64_t l = 0; l < GROUP * LANES; l++) {
        uint64_t h = mix((mix(seed + GAMMA) ^ (block + l / LANES)) + GAMMA);
        h = mix((h ^ l % LANES) + GAMMA);
        set->a[l] = mix(h + GAMMA);
        set->b[l] = mix(h + 2 * GAMMA);
        set->c[l] = mix(h + 3 * GAMMA);
        set->d[l] = mix(h + 4 * GAMMA);
    }
}

/* The hits among the next `rows` samples of each of the first `count` lanes.
 * Inlined, so that the count of a whole group is a constant. */
static inline uint64_t lane_hits(lanes *set, int count, uint64_t rows) {
    uint64_t a[GROUP * LANES], b[GROUP * LANES], c[GROUP * LANES], d[GROUP * LANES];
    uint64_t hits[GROUP * LANES] = {0}, sum = 0;
    memcpy(a, set->a, sizeof a);
    memcpy(b, set->b, sizeof b);
    memcpy(c, set->c, sizeof c);
    memcpy(d, set->d, sizeof d);
    for (uint64_t row = 0; row < rows; row++) {
        for (int l = 0; l < count; l++) {
            uint64_t u, v;
            NEXT(u);
            NEXT(v);
            double x = coordinate(u), y = coordinate(v);
            hits[l] += x * x + y * y <= 0x1p126;
        }
    }
    memcpy(set->a, a, sizeof a);
    memcpy(set->b, b, sizeof b);
    memcpy(set->c, c, sizeof c);
    memcpy(set->d, d, sizeof d);
    for (int l = 0; l < count; l++) sum += hits[l];
    return sum;
}

/* The hits among n samples from a block on: a whole group or part of a block. */
static uint64_t count_hits(uint64_t seed, uint64_t block, uint64_t n) {
    lanes set;
    seed_lanes(&set, seed, block);
    if (n == GROUP * BLOCK_SAMPLES) return lane_hits(&set, GROUP * LANES, BLOCK_SAMPLES / LANES);
    uint64_t hits = lane_hits(&set, LANES, n / LANES);
    return hits + lane_hits(&set, (int)(n % LANES), 1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: %s SAMPLES SEED\n", argv[0]);
        return 2;
    }
    uint64_t samples = strtoull(argv[1], NULL, 10), seed = strtoull(argv[2], NULL, 10), hits = 0;
    double start = now();
    for (uint64_t next = 0, n; next < samples; next += n) {
        n = samples - next;
        if (n >= GROUP * BLOCK_SAMPLES)
            n = GROUP * BLOCK_SAMPLES;
        else if (n > BLOCK_SAMPLES)
            n = BLOCK_SAMPLES;
        hits += count_hits(seed, next / BLOCK_SAMPLES, n);
    }
    printf("%" PRIu64 " %.6f\n", hits, now() - start);
    return 0;
}
