package kernels

import "context"

// Args2 are the arguments of one call of a function of two.
type Args2[A, B any] struct {
	A A
	B B
}

// Args3 are the arguments of one call of a function of three.
type Args3[A, B, C any] struct {
	A A
	B B
	C C
}

// StarMap is [Map] for a job of two arguments.
func StarMap[A, B, Out any](ctx context.Context, o MapOptions, in []Args2[A, B], job func(context.Context, A, B) (Out, error)) ([]Out, error) {
	return Map(ctx, o, in, func(ctx context.Context, args Args2[A, B]) (Out, error) {
		return job(ctx, args.A, args.B)
	})
}

// StarMap3 is [Map] for a job of three arguments.
func StarMap3[A, B, C, Out any](ctx context.Context, o MapOptions, in []Args3[A, B, C], job func(context.Context, A, B, C) (Out, error)) ([]Out, error) {
	return Map(ctx, o, in, func(ctx context.Context, args Args3[A, B, C]) (Out, error) {
		return job(ctx, args.A, args.B, args.C)
	})
}
