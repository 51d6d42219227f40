package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// xor3 is VPTERNLOG's truth table for a three-way exclusive or.
const xor3 = 0x96

// avx512 keeps all eight lanes of a state word in one register. One block's
// chain of dependencies leaves half of the processor idle. Measured on an EPYC
// of family 26 at 3.65 GHz: 2.3 G samples/s with one block at a time, 3.4 with
// two, 3.7 with three, 3.75 with four, which is as many as there are registers.
func avx512(name string, blocks int) {
	signature := "func(set *[4][8]uint64, rows int) uint64"
	doc := " counts the hits among the next 8*rows samples, rows > 0."
	if blocks > 1 {
		signature = fmt.Sprintf("func(set *[%d][4][8]uint64, rows int) uint64", blocks)
		doc = " counts the hits among the next 8*rows samples of each block, rows > 0."
	}
	build.TEXT(name, build.NOSPLIT, signature)
	build.Doc(name + doc)
	build.Pragma("noescape")
	set := operand.Mem{Base: build.Load(build.Param("set"), build.GP64())}
	rows := build.Load(build.Param("rows"), build.GP64())
	states := make([]state512, blocks)
	for i := range states {
		states[i] = load512(set.Offset(i * setBytes))
	}
	c := constants512{kept: broadcast512(keptBits), limit: broadcast512(limitBits), one: broadcast512(1)}

	build.Label(name)
	for i := range states {
		x := square512(&states[i], c)
		y := square512(&states[i], c)
		count512(&states[i], squares{x, y}, c)
	}
	build.DECQ(rows)
	build.JNZ(operand.LabelRef(name))

	sum := build.ZMM()
	build.VPXORQ(sum, sum, sum)
	for i, state := range states {
		state.store(set.Offset(i * setBytes))
		build.VPADDQ(state.hits, sum, sum)
	}
	storeSum512(sum)
}

type squares struct{ x, y reg.VecVirtual }

type constants512 struct{ kept, limit, one reg.VecVirtual }

// square512 draws a coordinate in every lane of a block and squares it.
func square512(state *state512, c constants512) reg.VecVirtual {
	u := state.next()
	build.VPANDQ(c.kept, u, u)
	build.VCVTQQ2PD(u, u)
	build.VMULPD(u, u, u)
	return u
}

// count512 adds the samples inside of the circle to a block's hits.
func count512(state *state512, square squares, c constants512) {
	build.VADDPD(square.y, square.x, square.x)
	inside := build.K()
	build.VCMPPD(operand.U8(2), c.limit, square.x, inside) // 2: less or equal, false for NaN
	build.VPADDQ(c.one, state.hits, inside, state.hits)
}

func broadcast512(value uint64) reg.VecVirtual {
	word, vector := build.GP64(), build.ZMM()
	build.MOVQ(operand.U64(value), word)
	build.VPBROADCASTQ(word, vector)
	return vector
}

// A state512 is the four state words and a register for the next third word.
type state512 struct {
	words [4]reg.VecVirtual
	spare reg.VecVirtual
	hits  reg.VecVirtual
}

func load512(set operand.Mem) state512 {
	state := state512{spare: build.ZMM(), hits: build.ZMM()}
	for i := range state.words {
		state.words[i] = build.ZMM()
		build.VMOVDQU64(set.Offset(i*wordBytes), state.words[i])
	}
	build.VPXORQ(state.hits, state.hits, state.hits)
	return state
}

func (state *state512) store(set operand.Mem) {
	for i, word := range state.words {
		build.VMOVDQU64(word, set.Offset(i*wordBytes))
	}
}

// next steps xoshiro256++ in all lanes. Each word's update is written in terms
// of the old words with three-way exclusive ors, which makes the chains of
// dependencies as short as they can be. The third word and the spare register
// change places, so that a loop holds an even number of steps.
func (state *state512) next() reg.VecVirtual {
	s, t := state.words, state.spare
	out := build.ZMM()
	build.VPADDQ(s[3], s[0], out)
	build.VPROLQ(operand.U8(23), out, out)
	build.VPADDQ(s[0], out, out)
	build.VPSLLQ(operand.U8(17), s[1], t)
	build.VPTERNLOGQ(operand.U8(xor3), s[2], s[0], t)
	build.VPXORQ(s[1], s[3], s[3])
	build.VPTERNLOGQ(operand.U8(xor3), s[2], s[0], s[1])
	build.VPXORQ(s[3], s[0], s[0])
	build.VPROLQ(operand.U8(45), s[3], s[3])
	state.words[2], state.spare = t, s[2]
	return out
}

// storeSum512 returns the sum of a vector's eight counts. It adds in whole
// registers throughout: the narrower forms need AVX512VL.
func storeSum512(sum reg.VecVirtual) {
	part := build.ZMM()
	build.VEXTRACTI64X4(operand.U8(1), sum, part.AsY())
	build.VPADDQ(part, sum, sum)
	build.VEXTRACTI64X2(operand.U8(1), sum, part.AsX())
	build.VPADDQ(part, sum, sum)
	build.VPSHUFD(operand.U8(0xee), sum, part)
	build.VPADDQ(part, sum, sum)
	returnWord(sum.AsX())
}

// returnWord returns the lowest word of a vector.
func returnWord(vector reg.Register) {
	word := build.GP64()
	build.VMOVQ(vector, word)
	build.VZEROUPPER()
	build.Store(word, build.ReturnIndex(0))
	build.RET()
}
