package checks

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Token is a schedule as one line of printable text:
//
//	il1.SCENARIO.VARIANT.n=5,rounds=1.SCHEDULE.CHECKSUM
//	il2.SCENARIO.VARIANT.n=5,rounds=1.time=lazy,steps=20000.SCHEDULE.CHECKSUM
//
// the second when its settings are not the default ones. SCHEDULE is the places
// of the choices, run-length packed, and the digests of what was announced on the
// way.
type Token struct {
	Identity Identity
	Schedule search.Schedule
	Settings Settings
}

// tokenStepsMax bounds what a token can unpack to.
const tokenStepsMax = 10_000_000

// String is the token's line.
func (t Token) String() string {
	return heading{t.Identity, t.Settings}.line("il", pack(t.Schedule))
}

// pack writes the places as pairs of a run of zeros and the place after it.
func pack(s search.Schedule) string {
	var pairs []byte
	run, count := 0, 0
	for _, p := range s.Places {
		if p == 0 {
			run++
			continue
		}
		pairs = binary.AppendUvarint(pairs, uint64(run))
		pairs = binary.AppendUvarint(pairs, uint64(p))
		run = 0
		count++
	}
	out := binary.AppendUvarint(nil, uint64(len(s.Places)))
	out = binary.AppendUvarint(out, uint64(count))
	out = append(append(out, pairs...), s.Digests...)
	return base64.RawURLEncoding.EncodeToString(out)
}

// ParseToken reads a token. The error says what is wrong with it: never a
// panic, whatever the text.
func ParseToken(s string) (Token, error) {
	h, fields, err := parseHeading(s, "il", 1)
	if err != nil {
		return Token{}, err
	}
	schedule, err := unpack(fields[0])
	return Token{Identity: h.identity, Schedule: schedule, Settings: h.settings}, err
}

func unpack(s string) (search.Schedule, error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return search.Schedule{}, fmt.Errorf("the token's schedule: %w", err)
	}
	r := &packed{rest: raw}
	steps, count := r.number(tokenStepsMax), r.number(tokenStepsMax)
	out := search.Schedule{Places: make([]int, 0, min(steps, len(raw)))}
	for range count {
		run, place := r.number(steps-len(out.Places)), r.number(tokenStepsMax)
		if r.err != nil || place == 0 || len(out.Places)+run >= steps {
			return search.Schedule{}, cmp.Or(r.err, errors.New("the token's schedule is inconsistent"))
		}
		out.Places = append(append(out.Places, make([]int, run)...), place)
	}
	out.Places = append(out.Places, make([]int, steps-len(out.Places))...)
	out.Digests = r.rest
	return out, r.err
}

// packed reads numbers off a token's schedule; the first error stays.
type packed struct {
	rest []byte
	err  error
}

func (p *packed) number(atMost int) int {
	n, size := binary.Uvarint(p.rest)
	if size <= 0 || n > uint64(atMost) {
		p.rest = nil
		p.err = cmp.Or(p.err, errors.New("the token's schedule is cut short or out of range"))
		return 0
	}
	p.rest = p.rest[size:]
	return int(n)
}

// ReplayToken runs a token's schedule, keeping details, and returns what the judges
// find there. The execution is shown to visit, if there is one, before it is
// reused. Of the options, those hold that say how to judge, and how to run an
// execution where the token says nothing of that.
func ReplayToken(program func(*sim.G), token string, opt Options, visit func(*sim.Execution)) ([]Finding, error) {
	t, err := ParseToken(token)
	if err != nil {
		return nil, err
	}
	s := t.Settings.or(opt.settings())
	opt.Time, opt.StepsMax = s.Time, s.StepsMax
	e := newExploration(program, opt)
	err = search.Replay(program, t.Schedule, e.searchOptions(), func(x *sim.Execution) {
		for _, j := range recognising(e.judges) {
			for _, f := range j.Judge(x) {
				f.Token = token
				e.report.Findings = append(e.report.Findings, f)
			}
		}
		if visit != nil {
			visit(x)
		}
	})
	return e.report.Findings, err
}

// Diverged reports whether the error of a ReplayToken says that the program does not
// follow the token's schedule, and if so why.
func Diverged(err error) (why string, ok bool) {
	var d *search.Divergence
	if !errors.As(err, &d) {
		return "", false
	}
	return d.Error(), true
}
