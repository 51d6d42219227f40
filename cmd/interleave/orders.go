package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"

	"github.com/spf13/cobra"

	"github.com/interleave-go/interleave/checks"
	"github.com/interleave-go/interleave/checks/explain"
	"github.com/interleave-go/interleave/hazards"
)

// ordersExecutions bounds each question about orders that replay asks.
const ordersExecutions = 20_000

// followOrders replays a token of orders: see checks.ReplayOrders.
func (f *replayFlags) followOrders(command *cobra.Command, text string) error {
	orders, err := checks.ParseOrders(text)
	if err != nil {
		return err
	}
	opt, err := f.settle(command, orders.Settings)
	if err != nil {
		return err
	}
	t, err := f.edited(command, orders.Identity)
	if err != nil {
		return err
	}
	opt.Identity = t.identity()
	pictures, err := f.open(f.json)
	if err != nil {
		return err
	}
	defer pictures.abort()
	r, err := checks.ReplayOrders(t.program, text, checks.ExplainOptions{Executions: cmp.Or(f.budget, ordersExecutions),
		StepsMax: opt.StepsMax, Time: opt.Time, Identity: opt.Identity, Certify: f.certify})
	if err != nil {
		return err
	}
	out := command.OutOrStdout()
	if err := f.showOrders(out, t, orders, r); err != nil {
		return err
	}
	if err := pictures.draw(out, t, r.Token, opt); err != nil {
		return err
	}
	c := r.Certificate
	if r.There || len(r.Other) > 0 || c != nil && (!c.Holds || len(c.Other) > 0) {
		return &exitError{status: exitHazard}
	}
	return nil
}

// edited is the program in which the orders are to be followed: their own, but
// for what the flags say.
func (f *replayFlags) edited(command *cobra.Command, of checks.Identity) (target, error) {
	given, err := f.given(command.Flags())
	if err != nil {
		return target{}, err
	}
	params := hazards.Params{}
	maps.Copy(params, of.Parameters)
	maps.Copy(params, given)
	t, err := findOfToken(of.Scenario, cmp.Or(f.variant, of.Variant), params)
	if err != nil {
		return t, fmt.Errorf("the program to follow the orders in: %w", err)
	}
	return t, nil
}

func (f *replayFlags) showOrders(out io.Writer, t target, orders checks.Orders, r explain.Replay) error {
	switch {
	case f.json:
		return writeJSON(out, r)
	case f.toStandardOutput():
		return nil
	}
	fmt.Fprintf(out, "%s\n", title(t))
	if of := orders.Identity.String(); of != t.identity().String() {
		fmt.Fprintf(out, "%s\n", fold(fmt.Sprintf("following the orders of a finding (%s) in %s", orders.Kind, of), "  "))
	}
	fmt.Fprintln(out)
	return r.Write(out, explain.Layout{Width: f.width, Replay: "interleave replay"})
}
