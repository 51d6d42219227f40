package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// settle makes of a tree of commands one that takes nothing but what there is,
// and whose help and errors are written as everything else is.
func settle(root *cobra.Command, args []string) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	root.SetFlagErrorFunc(flagError)
	root.SetUsageTemplate(strings.NewReplacer(
		"{{if .Runnable}}", "{{if not .HasAvailableSubCommands}}",
		"FlagUsages ", fmt.Sprintf("FlagUsagesWrapped %d ", textColumns),
		"for more information about a command", "for more about a command",
	).Replace(root.UsageTemplate()))
	holdsCommands(root)
	for _, c := range root.Commands() {
		switch {
		case c.Name() == "help":
			c.Args = func(_ *cobra.Command, args []string) error { return known(root, args) }
		case c.HasSubCommands():
			holdsCommands(c)
		}
	}
}

// holdsCommands makes of a command one that shows its help when it is alone, and
// refuses the name of a command that it does not hold.
func holdsCommands(c *cobra.Command) {
	c.Args = known
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
}

// known returns an error where the names do not lead from a command to one below
// it. After a command that holds none they are its arguments.
func known(at *cobra.Command, names []string) error {
	for _, name := range names {
		var next *cobra.Command
		var there []string
		for _, c := range at.Commands() {
			if c.Name() == name {
				next = c
			}
			if !c.Hidden {
				there = append(there, c.Name())
			}
		}
		switch {
		case len(there) == 0:
			return nil
		case next == nil && at.HasParent():
			return unknown(at.Name(), name, there)
		case next == nil:
			return unknown("command", name, there)
		}
		at = next
	}
	return nil
}

// flagError says what is wrong with a flag. That there is no such command comes
// before that it has no such flag.
func flagError(c *cobra.Command, err error) error {
	if names := c.Flags().Args(); c.HasSubCommands() && len(names) > 0 {
		return known(c, names)
	}
	var bad *pflag.InvalidValueError
	if !errors.As(err, &bad) {
		return err
	}
	wrong := bad.Unwrap().Error()
	switch bad.GetFlag().Value.Type() {
	case "int":
		wrong = "it must be a whole number"
	case "uint64":
		wrong = "it must be a whole number, 0 or more"
	case "intSlice":
		wrong = "it must be whole numbers, such as 1,2,4"
	case "duration":
		wrong = "it must be a time, such as 10s"
	case "bool":
		wrong = "it must be true or false"
	}
	if errors.Is(err, strconv.ErrRange) {
		wrong = "it is out of range"
	}
	return fmt.Errorf("--%s %s: %s", bad.GetFlag().Name, bad.GetValue(), wrong)
}

// noArguments wants none.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s: give none", plural(len(args), "argument"))
	}
	return nil
}

// oneArgument wants exactly one, and says what it is.
func oneArgument(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s: give one, %s", plural(len(args), "argument"), what)
		}
		return nil
	}
}

// someArguments wants at least one, and says what they are.
func someArguments(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return fmt.Errorf("0 arguments: give one or more, %s", what)
		}
		return nil
	}
}
