package main

import (
	"fmt"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/interleave-go/interleave/checks"
)

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, and those of the formats",
		Args:  noArguments,
		RunE: func(command *cobra.Command, _ []string) error {
			fmt.Fprintf(command.OutOrStdout(), "interleave %s\nreport version %d, tokens %s\n", buildVersion(), checks.ReportVersion, checks.TokenVersions)
			return nil
		},
	}
}

// buildVersion is the version of the module that this program was built from.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

func newManCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "man DIRECTORY",
		Short: "Write the manual pages into a directory",
		Args:  oneArgument("a directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			if info, err := os.Stat(args[0]); err != nil || !info.IsDir() {
				return fmt.Errorf("write manual pages: %s is not a directory", args[0])
			}
			if err := doc.GenManTree(root, &doc.GenManHeader{Title: "INTERLEAVE", Section: "1", Source: "Interleave"}, args[0]); err != nil {
				return fmt.Errorf("write manual pages: %w", err)
			}
			return nil
		},
	}
}
