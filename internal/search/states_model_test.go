package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// A modelOp is an operation of a random program: on object a of its kind, with a
// small operand.
type modelOp struct {
	name string
	a, v int
}

var modelGroups = [][]string{
	{"load", "store", "add", "swap", "cas", "await"},
	{"lock", "unlock", "trylock", "add"},
	{"acquire", "release", "tryacquire"},
	{"send", "receive", "trysend", "tryreceive", "len"},
	{"meetsend", "meetreceive", "add"},
	{"put", "get", "add"},
}

func modelProgram(r *rand.Rand) (p [][]modelOp) {
	names := modelGroups[r.IntN(len(modelGroups))]
	if r.IntN(3) == 0 {
		names = slices.Concat(names, modelGroups[r.IntN(len(modelGroups))])
	}
	condition := r.IntN(5) == 0
	for range 2 + r.IntN(2) {
		var body []modelOp
		for range 1 + r.IntN(3) {
			op := modelOp{names[r.IntN(len(names))], r.IntN(2), r.IntN(2)}
			switch {
			case condition && r.IntN(2) == 0:
				body = append(body, modelOp{"lock", 0, 0}, modelOp{"wait", 0, 0}, modelOp{"unlock", 0, 0})
			case condition:
				body = append(body, modelOp{[]string{"signal", "broadcast"}[r.IntN(2)], 0, 0})
			case op.name == "lock" || op.name == "unlock":
				body = append(body, modelOp{"lock", op.a, 0}, modelOp{"add", op.a, 0}, modelOp{"unlock", op.a, 0})
			case op.name == "acquire" || op.name == "release":
				body = append(body, modelOp{"acquire", op.a, op.v}, modelOp{"release", op.a, op.v})
			default:
				body = append(body, op)
			}
		}
		p = append(p, body)
	}
	return p
}

// A model is a state of a program, told apart from others by what the operations
// have returned and what the objects hold: a count that knows nothing of sim.
type model struct {
	X, M, Sem [2]int
	Chans     [2][]int
	Pool      []int
	Met       [2][2][]int // by unbuffered channel: who has arrived to send, to receive
	Waiting   []int
	Woken     map[int]bool
	At        []int
	Inside    []int // the number of a send or receive that has arrived, plus one; of a wait, 1
	Log       [][]int
}

func (m *model) clone() *model {
	c := *m
	for i := range 2 {
		c.Chans[i] = slices.Clone(m.Chans[i])
		c.Met[i] = [2][]int{slices.Clone(m.Met[i][0]), slices.Clone(m.Met[i][1])}
	}
	c.Pool, c.Waiting, c.At, c.Inside = slices.Clone(m.Pool), slices.Clone(m.Waiting), slices.Clone(m.At), slices.Clone(m.Inside)
	c.Woken = map[int]bool{}
	for g := range m.Woken {
		c.Woken[g] = true
	}
	c.Log = nil
	for _, l := range m.Log {
		c.Log = append(c.Log, slices.Clone(l))
	}
	return &c
}

// ways are the alternatives of goroutine g's next operation: none when it blocks.
func (m *model) ways(p [][]modelOp, g int) []int {
	op := p[g][m.At[g]]
	open := true
	switch op.name {
	case "await":
		open = m.X[op.a] != 0
	case "lock":
		open = m.M[op.a] == 0
	case "acquire":
		open = m.Sem[op.a]+1+op.v <= 2
	case "send":
		open = len(m.Chans[op.a]) < op.a+1
	case "receive":
		open = len(m.Chans[op.a]) > 0
	case "meetsend", "meetreceive":
		other := m.Met[op.a][1-side(op.name)]
		open = m.Inside[g] == 0 || len(other) >= m.Inside[g]
	case "wait":
		open = m.Inside[g] == 0 || m.Woken[g] && m.M[0] == 0
	case "signal":
		if len(m.Waiting) > 0 {
			return slices.Clone(m.Waiting)
		}
	case "get":
		if len(m.Pool) > 0 {
			return []int{0, 1}
		}
		return []int{1}
	}
	if !open {
		return nil
	}
	return []int{0}
}

func side(name string) int {
	if name == "meetsend" {
		return 0
	}
	return 1
}

// step takes goroutine g's next step.
func (m *model) step(p [][]modelOp, g, way int) {
	op := p[g][m.At[g]]
	note := func(v int) { m.Log[g] = append(m.Log[g], v) }
	try := func(open bool) bool {
		note(btoi(open))
		return open
	}
	x, ch := &m.X[op.a], &m.Chans[op.a]
	switch op.name {
	case "load", "await":
		note(*x)
	case "store":
		*x = g + 1
	case "add":
		*x++
		note(*x)
	case "swap":
		note(*x)
		*x = g + 5
	case "cas":
		if try(*x == op.v) {
			*x = 7
		}
	case "lock":
		m.M[op.a] = g + 1
	case "unlock":
		m.M[op.a] = 0
	case "trylock":
		if try(m.M[op.a] == 0) {
			m.M[op.a] = g + 1
		}
	case "acquire":
		m.Sem[op.a] += 1 + op.v
	case "release":
		m.Sem[op.a] -= 1 + op.v
	case "tryacquire":
		if try(m.Sem[op.a]+1+op.v <= 2) {
			m.Sem[op.a] += 1 + op.v
		}
	case "send":
		*ch = append(*ch, 10*g+m.At[g])
	case "trysend":
		if try(len(*ch) < op.a+1) {
			*ch = append(*ch, 10*g+m.At[g])
		}
	case "receive", "tryreceive":
		if op.name == "receive" || try(len(*ch) > 0) {
			note((*ch)[0])
			*ch = (*ch)[1:]
		}
	case "len":
		note(len(*ch))
	default:
		m.stepRare(op, g, way, note)
		return
	}
	m.At[g]++
}

func (m *model) stepRare(op modelOp, g, way int, note func(int)) {
	switch op.name {
	case "put":
		m.Pool = append(m.Pool, 10*g+m.At[g])
	case "get":
		if note(way); way == 0 {
			note(m.Pool[len(m.Pool)-1])
			m.Pool = m.Pool[:len(m.Pool)-1]
		}
	case "meetsend", "meetreceive":
		arrived := &m.Met[op.a][side(op.name)]
		if m.Inside[g] == 0 {
			*arrived = append(*arrived, g)
			m.Inside[g] = len(*arrived)
			return
		}
		if op.name == "meetreceive" {
			note(m.Met[op.a][0][m.Inside[g]-1])
		}
		m.Inside[g] = 0
	case "wait":
		if m.Inside[g] == 0 {
			m.Inside[g], m.M[0], m.Waiting = 1, 0, append(m.Waiting, g)
			return
		}
		m.Inside[g], m.M[0] = 0, g+1
		delete(m.Woken, g)
	case "signal":
		if len(m.Waiting) > 0 {
			m.Waiting = slices.DeleteFunc(m.Waiting, func(w int) bool { return w == way })
			m.Woken[way] = true
		}
	case "broadcast":
		for _, w := range m.Waiting {
			m.Woken[w] = true
		}
		m.Waiting = nil
	}
	m.At[g]++
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// countStates explores the model; it reports false when there are too many.
func countStates(p [][]modelOp, most int) (nodes, edges, blocked int, ok bool) {
	n := len(p)
	start := &model{Woken: map[int]bool{}, At: make([]int, n), Inside: make([]int, n), Log: make([][]int, n)}
	seen := map[string]bool{fmt.Sprint(*start): true}
	todo := []*model{start}
	for len(todo) > 0 {
		m := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		moves, left := 0, false
		for g := range n {
			if m.At[g] == len(p[g]) {
				continue
			}
			left = true
			for _, way := range m.ways(p, g) {
				moves++
				next := m.clone()
				next.step(p, g, way)
				if key := fmt.Sprint(*next); !seen[key] {
					seen[key] = true
					todo = append(todo, next)
				}
			}
		}
		edges += moves
		if left && moves == 0 {
			blocked++
		}
		if len(seen) > most {
			return 0, 0, 0, false
		}
	}
	return len(seen), edges, blocked, true
}
