//go:build !amd64 || purego

package pi

// vectorHits is nil: there is assembly for amd64 only.
func vectorHits(Kernel) hitCounter { return nil }

// vectorGroupHits is nil for the same reason.
func vectorGroupHits(Kernel) groupCounter { return nil }
