package checks

import (
	"cmp"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/sim"
)

// Settings are the options of an exploration on which the replay of a token
// depends. A token holds those that are not the default ones.
type Settings struct {
	// Time is the policy of virtual time; 0 means sim.FreeTime.
	Time sim.Time
	// StepsMax bounds the events of an execution; 0 means 10,000.
	StepsMax int
}

// stepsDefault is the bound on steps where none is given.
const stepsDefault = 10_000

// String is what a token holds of the settings: nothing of those that are the
// default ones.
func (s Settings) String() string {
	var parts []string
	if s.Time != sim.FreeTime {
		parts = append(parts, "time="+s.Time.String())
	}
	if s = s.normal(); s.StepsMax != 0 {
		parts = append(parts, fmt.Sprintf("steps=%d", s.StepsMax))
	}
	return strings.Join(parts, ",")
}

// normal has one way to say the default.
func (s Settings) normal() Settings {
	if s.StepsMax == stepsDefault {
		s.StepsMax = 0
	}
	return s
}

// or returns the settings, where they are the default ones those of other.
func (s Settings) or(other Settings) Settings {
	s = s.normal()
	return Settings{Time: cmp.Or(s.Time, other.Time), StepsMax: cmp.Or(s.StepsMax, other.StepsMax)}
}

func parseSettings(text string) (s Settings, err error) {
	if text == "" {
		return s, nil
	}
	for part := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(part, "=")
		n, bad := strconv.Atoi(value)
		switch {
		case name == "time" && value == sim.LazyTime.String():
			s.Time = sim.LazyTime
		case name == "time" && value == sim.CostTime.String():
			s.Time = sim.CostTime
		case name == "time" && value == sim.FreeTime.String():
			s.Time = sim.FreeTime
		case name == "steps" && bad == nil && n > 0:
			s.StepsMax = n
		default:
			return s, fmt.Errorf("the token's setting %q is none that this program knows", part)
		}
	}
	return s.normal(), nil
}

// A heading is what every kind of token begins with, after its version.
type heading struct {
	identity Identity
	settings Settings
}

// TokenVersions are the versions of tokens that this program reads: of a
// schedule, and of orders. The second of each has a field for [Settings].
const TokenVersions = "il1, il2, ilc1, ilc2"

// line puts a token together: its kind is "il" or "ilc", its version the first
// in which everything can be said.
func (h heading) line(kind string, fields ...string) string {
	var params []string
	for _, k := range slices.Sorted(maps.Keys(h.identity.Parameters)) {
		params = append(params, fmt.Sprintf("%s=%d", field(k), h.identity.Parameters[k]))
	}
	all := []string{kind + "1", field(h.identity.Scenario), field(h.identity.Variant), strings.Join(params, ",")}
	if s := h.settings.String(); s != "" {
		all[0] = kind + "2"
		all = append(all, s)
	}
	line := strings.Join(append(all, fields...), ".")
	return line + "." + checksum(line)
}

// parseHeading takes a token apart, which has a number of fields between its
// heading and its checksum.
func parseHeading(text, kind string, fields int) (h heading, rest []string, err error) {
	text = strings.TrimSpace(text)
	parts := strings.Split(text, ".")
	version, ours := strings.CutPrefix(parts[0], kind)
	before := 4
	switch _, err := strconv.Atoi(version); {
	case kind == "il" && IsOrders(text):
		return h, nil, errors.New("this is a token of orders, not one of a schedule")
	case !ours || err != nil:
		return h, nil, fmt.Errorf("this is no token: it does not begin with one of %s", TokenVersions)
	case version == "2":
		before++
	case version != "1":
		return h, nil, fmt.Errorf("a token of version %q: this program reads %s", parts[0], TokenVersions)
	}
	if want := before + fields + 1; len(parts) != want {
		return h, nil, fmt.Errorf("this is no token: it has %d fields, not %d", len(parts), want)
	}
	if line := text[:strings.LastIndexByte(text, '.')]; checksum(line) != parts[len(parts)-1] {
		return h, nil, errors.New("the token is damaged: its checksum does not fit")
	}
	if h.identity, err = parseIdentity(parts); err == nil && version == "2" {
		h.settings, err = parseSettings(parts[4])
	}
	return h, parts[before : len(parts)-1], err
}

// field escapes a name so that it holds none of the token's separators.
func field(s string) string {
	s = url.QueryEscape(s)
	return strings.NewReplacer(".", "%2E", ",", "%2C", "=", "%3D").Replace(s)
}

func checksum(line string) string {
	return fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(line)))
}

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
