package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/interleave-go/interleave/checks"
)

const docsLine = "1.53M runs, 76.7k/s; 1.28M traces of 5.12M ±10%, 1m00s left; 48 deep, 90 MB"

// The line says how far an exploration is, in the units of its strategy.
func TestExploreLine(t *testing.T) {
	small := checks.Progress{Started: 1534, Executions: 1280, DepthMax: 48, Jobs: 3, Estimate: 5120, Spread: 512}
	if !strings.Contains(readFile(t, "docs", "exploring.md"), docsLine) {
		t.Error("another line stands in docs/exploring.md")
	}
	for _, c := range []struct {
		name string
		p    checks.Progress
		at   pace
		want string
	}{
		{"traces", small, pace{"traces", 767, 640, 90 << 20}, "1,534 runs, 767/s; 1,280 traces of 5,120 ±10%, 6s left; 48 deep, 90 MB"},
		{"as in docs/exploring.md", checks.Progress{Started: 1_534_000, Executions: 1_280_000, DepthMax: 48, Estimate: 5.12e6, Spread: 5.12e5},
			pace{"traces", 76_700, 64_000, 90 << 20}, docsLine},
		{"interleavings", small, pace{"interleavings", 767, 0.32, 90 << 20},
			"1,280 interleavings, 0.32/s of 5,120 ±10%, 3h20m left; 48 deep, 90 MB"},
		{"nothing known", checks.Progress{Started: 256, Executions: 200, DepthMax: 48}, pace{"traces", 25600, 20000, 2 << 20},
			"256 runs, 25.6k/s; 200 traces; 48 deep, 2 MB"},
		{"large", checks.Progress{Started: 123_456_789_012, Executions: 119_456_789_012, DepthMax: 999_999, Estimate: 4.56e14, Spread: 3e14},
			pace{"traces", 123_456, 119_456, 123 << 30},
			"123G runs, 123k/s; 119G traces of 456T ±66%, 121y left; 1.00M deep, 123 GB"},
		{"wild", checks.Progress{Started: 98_765_432, Executions: 98_765_432, DepthMax: 10_000, Estimate: 4e40, Spread: 9e41},
			pace{"traces", 9876, 9876, 11 << 30},
			"98.8M runs, 9,876/s; 98.8M traces of 4e+40 ±999%, >999y left; 10.0k deep, 11 GB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := exploreLine(c.p, c.at); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// However large the numbers are, the line fits and nothing of it is cut off.
func TestExploreLineFits(t *testing.T) {
	values := []float64{1, 9.97, 99, 9_999, 9_999.6, 99_960, 999_499, 999_501, 99_999_999, 12_345_678_901, 1.23e14, 9.996e14, 1e15, 9e18}
	for _, unit := range []string{"traces", "interleavings", "executions"} {
		for _, n := range values {
			for _, rate := range values {
				for _, more := range []float64{1.001, 3, 1e3, 1e30, 1e90} {
					p := checks.Progress{Started: int(n), Executions: int(n), DepthMax: int(min(n, 99_999)), Estimate: n * more, Spread: n * n}
					line := exploreLine(p, pace{unit, rate, rate, uint64(min(n*1e4, 999<<30))})
					if utf8.RuneCountInString(line) > lineColumns {
						t.Errorf("%d columns: %s", utf8.RuneCountInString(line), line)
					}
				}
			}
		}
	}
	for seconds := range 4000 {
		if s := span(float64(seconds*seconds) * 100); len(s) > 6 {
			t.Errorf("%d columns: %s", len(s), s)
		}
	}
}

// A line writes over the one before, and is wiped in the end.
func TestProgressLine(t *testing.T) {
	var out bytes.Buffer
	long := "98.8M runs, 9,876/s; 98.8M traces of 4e+40 ±999%, >999y left; 10.0k deep, 11 GB"
	line := &progressLine{to: &out, start: time.Now().Add(-time.Hour)}
	line.write(func(time.Duration) string { return long })
	if got := strings.TrimRight(out.String(), " "); got != "\r"+long {
		t.Errorf("got %q", got)
	}
	line.clear()
	if got := strings.Split(out.String(), "\r"); len(got) != 4 || strings.TrimSpace(got[2]) != "" || utf8.RuneCountInString(got[1]) > len(got[2]) {
		t.Errorf("not wiped: %q", out.String())
	}
}

// Times are as short as they can be and say what matters.
func TestSpan(t *testing.T) {
	const minute, hour, day, year = 60, 60 * 60, 24 * 60 * 60, 365 * 24 * 60 * 60
	for seconds, want := range map[float64]string{0: "0s", 0.7: "0s", 9: "9s", 59.9: "59s", minute: "1m00s", 9*minute + 59: "9m59s",
		10 * minute: "10m", hour: "1h00m", 9*hour + 3*minute: "9h03m", 23*hour + 59*minute: "23h", 3*day + 4*hour: "3d04h",
		364 * day: "364d", 2*year + 4*day: "2y04d", 121 * year: "121y", 1e30: ">999y"} {
		if got := span(seconds); got != want {
			t.Errorf("%v s: got %s, want %s", seconds, got, want)
		}
	}
}
