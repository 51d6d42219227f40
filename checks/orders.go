package checks

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/sim"
)

// Orders is a second kind of token: not a schedule, but the constraints that
// cause a finding, so that it survives an edit of the program. As one line of
// printable text:
//
//	ilc1.SCENARIO.VARIANT.n=2.KIND.OBJECTS.CONSTRAINTS.CHECKSUM
//
// or ilc2, with the settings after the parameters, when those are not the
// default ones.
//
// CONSTRAINTS are separated by commas, their fields by colons: "o" and the two
// events of an order, or "c", the event and the way that it goes. An event is
// the goroutine's name, its path, the operation, the object's name, its kind,
// its ordinal and the occurrence.
type Orders struct {
	Identity    Identity
	Kind        Kind
	Objects     []string
	Constraints []explain.Constraint
	Settings    Settings
}

// refFields is the number of fields of an event.
const refFields = 7

// String is the token's line.
func (o Orders) String() string {
	var objects, constraints []string
	for _, name := range o.Objects {
		objects = append(objects, field(name))
	}
	for _, c := range o.Constraints {
		if c.Choice != "" {
			constraints = append(constraints, "c:"+refString(c.First)+":"+field(c.Choice))
		} else {
			constraints = append(constraints, "o:"+refString(c.First)+":"+refString(c.Then))
		}
	}
	return heading{o.Identity, o.Settings}.line("ilc", field(string(o.Kind)), strings.Join(objects, ","), strings.Join(constraints, ","))
}

func refString(r explain.Ref) string {
	fields := []string{r.Goroutine, r.Path, r.Op, r.Object, r.Kind, strconv.Itoa(r.Ordinal), strconv.Itoa(r.Occurrence)}
	for i := range fields {
		fields[i] = field(fields[i])
	}
	return strings.Join(fields, ":")
}

// IsOrders reports whether a token is one of orders rather than a schedule.
func IsOrders(token string) bool { return strings.HasPrefix(token, "ilc") }

// ParseOrders reads a token of constraints. The error says what is wrong with
// it: never a panic, whatever the text.
func ParseOrders(s string) (Orders, error) {
	h, fields, err := parseHeading(s, "ilc", 3)
	if err != nil {
		return Orders{}, err
	}
	o := Orders{Identity: h.identity, Settings: h.settings}
	kind, err := url.QueryUnescape(fields[0])
	if err != nil {
		return o, fmt.Errorf("the token's kind: %w", err)
	}
	o.Kind = Kind(kind)
	for _, name := range list(fields[1]) {
		if name, err = url.QueryUnescape(name); err != nil {
			return o, fmt.Errorf("the token's objects: %w", err)
		}
		o.Objects = append(o.Objects, name)
	}
	for _, text := range list(fields[2]) {
		c, err := parseConstraint(text)
		if err != nil {
			return o, err
		}
		o.Constraints = append(o.Constraints, c)
	}
	return o, nil
}

// list takes apart what commas separate; nothing is an empty list.
func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

func parseConstraint(text string) (c explain.Constraint, err error) {
	fields := strings.Split(text, ":")
	for i := range fields {
		if fields[i], err = url.QueryUnescape(fields[i]); err != nil {
			return c, fmt.Errorf("the token's constraint %q: %w", text, err)
		}
	}
	switch {
	case fields[0] == "o" && len(fields) == 1+2*refFields:
		if c.First, err = parseRef(fields[1:]); err == nil {
			c.Then, err = parseRef(fields[1+refFields:])
		}
	case fields[0] == "c" && len(fields) == 2+refFields && fields[1+refFields] != "":
		c.First, err = parseRef(fields[1:])
		c.Choice = fields[1+refFields]
	default:
		err = errors.New("neither an order of two events nor a choice")
	}
	if err != nil {
		return c, fmt.Errorf("the token's constraint %q: %w", text, err)
	}
	return c, nil
}

func parseRef(f []string) (explain.Ref, error) {
	r := explain.Ref{Goroutine: f[0], Path: f[1], Op: f[2], Object: f[3], Kind: f[4]}
	var bad1, bad2 error
	r.Ordinal, bad1 = strconv.Atoi(f[5])
	r.Occurrence, bad2 = strconv.Atoi(f[6])
	if bad1 != nil || bad2 != nil || r.Ordinal < 0 || r.Occurrence < 1 {
		return r, errors.New("an event's ordinal and occurrence must be numbers")
	}
	return r, nil
}

// ReplayOrders follows a token of orders in a program that may have been edited
// since: it says where they could not be kept and whether the finding is still
// there. With Certify it also explores the schedules around them, and in the
// end all.
func ReplayOrders(program func(*sim.G), orders string, opt ExplainOptions) (explain.Replay, error) {
	o, err := ParseOrders(orders)
	if err != nil {
		return explain.Replay{}, err
	}
	opt = opt.under(o.Settings)
	r, err := explain.Follow(program, explainJudge(opt.Judges, o.Kind),
		explain.Orders{Kind: string(o.Kind), Objects: o.Objects, Constraints: o.Constraints}, opt.bounds())
	if err != nil {
		return r, err
	}
	r.Token = opt.token(r.Schedule)
	if c := r.Certificate; c != nil {
		c.Token = opt.token(c.Schedule)
	}
	return r, nil
}
