package mapreduce_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/interleave-go/interleave/kernels/mapreduce"
)

// A file system that is really full gives ENOSPC, and what was spilled to it is
// gone.
func TestRunDiskFullForReal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("no small file system here: mount: %v", err)
	}
	defer func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	}()
	inputs := func(yield func([]string, error) bool) {
		for i := 0; yield([]string{strings.Repeat("x", 1000) + fmt.Sprint(i)}, nil); i++ {
		}
	}
	o := mapreduce.Options{Workers: 2, MemoryMax: 100_000, TempDir: dir}
	_, err := mapreduce.Collect(mapreduce.Run(context.Background(), trace(), inputs, o))
	if !errors.Is(err, syscall.ENOSPC) || !strings.HasPrefix(err.Error(), "spill to disk: ") {
		t.Errorf("Run = %v, want ENOSPC while spilling", err)
	}
	checkEmpty(t, dir)
	var free syscall.Statfs_t
	if err := syscall.Statfs(dir, &free); err != nil || free.Bfree != free.Blocks {
		t.Errorf("%d of %d blocks are free, %v", free.Bfree, free.Blocks, err)
	}
}
