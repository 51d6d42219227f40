// Command piasm writes the vector kernels of package kernels/pi. It is a module
// of its own, so that no user of the library downloads avo. From this folder:
//
//	go run . -out ../../../kernels/pi/vector_amd64.s -stubs ../../../kernels/pi/vector_amd64.go -pkg pi
package main

import "github.com/mmcloughlin/avo/build"

// Constants of the stream definition in package pi.
const (
	lanes     = 8
	wordBytes = lanes * 8
	setBytes  = 4 * wordBytes
	keptBits  = 0xfffffffffffff800 // what a coordinate keeps of an output
	limitBits = uint64(1023+126) << 52
)

func main() {
	build.ConstraintExpr("!purego")
	avx512("hitsAVX512", 1)
	avx512("groupAVX512", 4)
	avx2()
	build.Generate()
}
