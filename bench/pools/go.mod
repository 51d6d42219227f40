module github.com/interleave-go/interleave/bench/pools

go 1.26.0

require (
	github.com/alitto/pond/v2 v2.5.0
	github.com/interleave-go/interleave v0.0.0
	github.com/panjf2000/ants/v2 v2.11.3
	golang.org/x/sync v0.19.0
)

require golang.org/x/sys v0.49.0 // indirect

replace github.com/interleave-go/interleave => ../..
