package main

import "github.com/spf13/cobra"

// newKernelCommand holds the real multi-core side: one command for each kernel.
func newKernelCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "kernel",
		Short: "Run parallel programs on all cores, right ones and mistaken ones",
	}
	command.AddCommand(
		newKernelPiCommand(),
		newKernelProcessesCommand(),
		newKernelPoolCommand(),
		newKernelCounterCommand(),
		newKernelWordcountCommand(),
	)
	return command
}
