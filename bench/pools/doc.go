// Package pools measures package kernels beside other pools. It is a module of
// its own, so that users of the library never download them:
//
//	cd bench/pools && go test -bench .
package pools
