package main

import (
	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Constants that turn an integer into a double without the instruction for it,
// which AVX2 lacks. The halves of the integer become the low bits of two
// doubles with fixed exponents, from which the exponents are subtracted again.
// Every step is exact for an integer of 53 significant bits.
const (
	highMagic = uint64(0x4530000080000000) // 2^84 + 2^63: flips the sign bit too
	lowMagic  = uint64(0x4330000000000000) // 2^52
	bothMagic = uint64(0x4530000080100000) // 2^84 + 2^63 + 2^52
)

// halves is a state word: four lanes in each of two registers.
type halves [2]reg.VecVirtual

type constants2 struct{ kept, high, low, both operand.Mem }

// avx2 keeps the state in eight of the sixteen registers; constants stay in
// memory, which costs nothing beside the arithmetic.
func avx2() {
	build.TEXT("hitsAVX2", build.NOSPLIT, "func(set *[4][8]uint64, rows int) uint64")
	build.Doc("hitsAVX2 counts the hits among the next 8*rows samples, rows > 0.")
	build.Pragma("noescape")
	set := operand.Mem{Base: build.Load(build.Param("set"), build.GP64())}
	rows := build.Load(build.Param("rows"), build.GP64())
	var state [4]halves
	eachHalf(func(half int) {
		for i := range state {
			state[i][half] = build.YMM()
			build.VMOVDQU(set.Offset(i*wordBytes+half*32), state[i][half])
		}
	})
	constants := constants2{
		kept: constant("kept", keptBits&0xffffffff), high: constant("high", highMagic),
		low: constant("low", lowMagic), both: constant("both", bothMagic),
	}
	limit := constant("limit", limitBits)
	hits := build.YMM()
	build.VPXOR(hits, hits, hits)

	build.Label("row256")
	eachHalf(func(half int) {
		x := coordinate2(next2(state, half), constants)
		build.VMULPD(x, x, x)
		y := coordinate2(next2(state, half), constants)
		build.VMULPD(y, y, y)
		build.VADDPD(y, x, x)
		build.VCMPPD(operand.U8(2), limit, x, x) // all ones, which is -1, where inside
		build.VPSUBQ(x, hits, hits)
	})
	build.DECQ(rows)
	build.JNZ(operand.LabelRef("row256"))

	eachHalf(func(half int) {
		for i := range state {
			build.VMOVDQU(state[i][half], set.Offset(i*wordBytes+half*32))
		}
	})
	storeSum256(hits)
}

func eachHalf(do func(half int)) {
	do(0)
	do(1)
}

// constant is a vector of four equal words in read-only memory.
func constant(name string, value uint64) operand.Mem {
	memory := build.GLOBL(name+"256", build.RODATA|build.NOPTR)
	for i := range 4 {
		build.DATA(i*8, operand.U64(value))
	}
	return memory
}

// next2 steps xoshiro256++ in one half of the lanes.
func next2(state [4]halves, half int) reg.VecVirtual {
	s := [4]reg.VecVirtual{state[0][half], state[1][half], state[2][half], state[3][half]}
	out, t := build.YMM(), build.YMM()
	build.VPADDQ(s[3], s[0], out)
	rotate2(out, t, 23)
	build.VPADDQ(s[0], out, out)
	build.VPSLLQ(operand.U8(17), s[1], t)
	build.VPXOR(s[0], s[2], s[2])
	build.VPXOR(s[1], s[3], s[3])
	build.VPXOR(s[2], s[1], s[1])
	build.VPXOR(s[3], s[0], s[0])
	build.VPXOR(t, s[2], s[2])
	rotate2(s[3], t, 45)
	return out
}

func rotate2(word, scratch reg.VecVirtual, left uint8) {
	build.VPSLLQ(operand.U8(left), word, scratch)
	build.VPSRLQ(operand.U8(64-left), word, word)
	build.VPOR(scratch, word, word)
}

func coordinate2(u reg.VecVirtual, c constants2) reg.VecVirtual {
	low := build.YMM()
	build.VPAND(c.kept, u, low) // also clears the upper half
	build.VPOR(c.low, low, low)
	build.VPSRLQ(operand.U8(32), u, u)
	build.VPXOR(c.high, u, u)
	build.VSUBPD(c.both, u, u)
	build.VADDPD(low, u, u)
	return u
}

// storeSum256 returns the sum of a vector's four counts.
func storeSum256(sum reg.VecVirtual) {
	part := build.YMM()
	build.VEXTRACTI128(operand.U8(1), sum, part.AsX())
	build.VPADDQ(part, sum, sum)
	build.VPSHUFD(operand.U8(0xee), sum, part)
	build.VPADDQ(part, sum, sum)
	returnWord(sum.AsX())
}
