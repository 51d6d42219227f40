package checks

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/internal/search"
	"github.com/interleave-go/interleave/sim"
)

// A Token is a schedule as one line of printable text:
//
//	il1.SCENARIO.VARIANT.n=5,rounds=1.SCHEDULE.CHECKSUM
//
// SCHEDULE is the places of the choices, run-length packed, and the digests of
// what was announced on the way.
type Token struct {
	Identity Identity
	Schedule search.Schedule
}

// TokenVersion is the first field of a token.
const TokenVersion = "il1"

// tokenStepsMax bounds what a token can unpack to.
const tokenStepsMax = 10_000_000

// String is the token's line.
func (t Token) String() string {
	var params []string
	for _, k := range slices.Sorted(maps.Keys(t.Identity.Parameters)) {
		params = append(params, fmt.Sprintf("%s=%d", field(k), t.Identity.Parameters[k]))
	}
	line := strings.Join([]string{TokenVersion, field(t.Identity.Scenario), field(t.Identity.Variant),
		strings.Join(params, ","), pack(t.Schedule)}, ".")
	return line + "." + checksum(line)
}

// field escapes a name so that it holds none of the token's separators.
func field(s string) string {
	s = url.QueryEscape(s)
	return strings.NewReplacer(".", "%2E", ",", "%2C", "=", "%3D").Replace(s)
}

func checksum(line string) string {
	return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(line)))
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
	s = strings.TrimSpace(s)
	parts := strings.Split(s, ".")
	if len(parts) != 6 {
		return Token{}, fmt.Errorf("this is no token: it has %d fields, not 6", len(parts))
	}
	if parts[0] != TokenVersion {
		return Token{}, fmt.Errorf("a token of version %q: this program reads %s", parts[0], TokenVersion)
	}
	if line := s[:strings.LastIndexByte(s, '.')]; checksum(line) != parts[5] {
		return Token{}, errors.New("the token is damaged: its checksum does not fit")
	}
	return parseFields(parts)
}

func parseFields(parts []string) (Token, error) {
	id, err := parseIdentity(parts)
	if err != nil {
		return Token{}, err
	}
	s, err := unpack(parts[4])
	return Token{Identity: id, Schedule: s}, err
}

// parseIdentity reads the fields that every kind of token begins with.
func parseIdentity(parts []string) (id Identity, err error) {
	if id.Scenario, err = url.QueryUnescape(parts[1]); err != nil {
		return id, fmt.Errorf("the token's scenario: %w", err)
	}
	if id.Variant, err = url.QueryUnescape(parts[2]); err != nil {
		return id, fmt.Errorf("the token's variant: %w", err)
	}
	id.Parameters, err = parseParameters(parts[3])
	return id, err
}

func parseParameters(s string) (map[string]int, error) {
	params := map[string]int{}
	if s == "" {
		return params, nil
	}
	for p := range strings.SplitSeq(s, ",") {
		k, v, ok := strings.Cut(p, "=")
		name, err := url.QueryUnescape(k)
		n, bad := strconv.Atoi(v)
		if !ok || err != nil || bad != nil {
			return nil, fmt.Errorf("the token's parameter %q is not NAME=NUMBER", p)
		}
		params[name] = n
	}
	return params, nil
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
// find there. x is shown to visit, if there is one, before it is reused.
func ReplayToken(program func(*sim.G), token string, opt Options, visit func(*sim.Execution)) ([]Finding, error) {
	t, err := ParseToken(token)
	if err != nil {
		return nil, err
	}
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
