// Package pi estimates pi by throwing points into a square, on all cores, with
// an estimate that does not depend on how the work was cut up.
//
// The estimate for a seed and a number of samples is the same, bit for bit, for
// every kernel but [Integer], any number of workers, any chunk size and any
// platform. What follows is the definition that makes it so; bench/pi.c is the
// same definition in C.
//
// # Streams
//
// Samples are numbered from 0 and cut into blocks of [BlockSamples]. A block
// has 8 lanes; sample i of a block is the (i/8)-th of lane i%8. Each lane is a
// generator xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom
// number generators", 2021). With SplitMix64's finalizer mix and its increment
// g = 0x9e3779b97f4a7c15, all sums modulo 2^64, lane l of block b begins with
//
//	h = mix(seed + g)
//	h = mix((h xor b) + g)
//	h = mix((h xor l) + g)
//	s0, s1, s2, s3 = mix(h + g), mix(h + 2g), mix(h + 3g), mix(h + 4g)
//
// which is SplitMix64 started from h. As mix is a bijection, at most one of the
// four words is 0, so that the state that xoshiro must not have cannot occur.
//
// # Coordinates
//
// A sample takes two outputs of its lane: x, then y. An output u, read as a
// signed integer, is the coordinate (u with its low 11 bits cleared) / 2^63: a
// multiple of 2^-52 in [-1, 1), exact as a double. The sample is a hit when
//
//	round(x*x) + round(y*y) <= 1
//
// in doubles, each product and the sum rounded to nearest by itself: no fused
// multiply-add. Kernels leave the division out and compare with 2^126. Powers
// of two do not change a rounding, so the verdict is the same.
//
// Hits are integers, and their sum does not depend on the order of adding.
package pi
