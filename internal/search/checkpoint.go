package search

import (
	"bytes"
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/interleave-go/interleave/sim"
)

// A Checkpoint says when and how a search is saved. What is saved is the jobs
// that remain and what has been seen in those that are done; a job that is
// running is saved as one that has not begun. The Collector and its Visitors
// must implement encoding.BinaryMarshaler and encoding.BinaryUnmarshaler.
type Checkpoint struct {
	// Save stores a checkpoint in place of the one before. It is called from
	// several goroutines, one at a time; the search ends with its error. Nil means
	// that nothing is saved.
	Save func(data []byte) error
	// Every is the number of executions between two checkpoints; 0 means that one
	// is made at the end only, also when the search is interrupted.
	Every int
	// Due is asked before every execution, by all workers at a time, whether to
	// save now; nil means never.
	Due func() bool
	// Program and Version say what is explored and by which version: another one
	// cannot resume.
	Program, Version string
}

// checkpointFormat is the first line of a checkpoint, but for the checksum.
const checkpointFormat = "interleave checkpoint 4 sha256 "

type savedSearch struct {
	Search  fingerprint
	Total   Result
	Over    bool
	Probes  probes
	Uses    groupUse
	Payload []byte // the Collector's
	Jobs    []savedJob
}

type savedJob struct {
	Places, Digests []byte
	Asleep          []int
	Orders          []order
	Level           int
	From, To        uint64
	After           int // the place of job.after, or -1
	Known           int
	Done            bool
	Share           float64
	AtMost          int
	Result          Result
	Payload         []byte // the Visitor's
}

// prepare finds out which search this is, where that matters, and resumes it.
func (f *frontier) prepare(program func(*sim.G)) error {
	if f.opt.Checkpoint.Save == nil && f.opt.Resume == nil {
		return nil
	}
	if f.opt.bounded() {
		return errors.New("checkpoint: a search by preemptions or delays cannot be saved: it is one job, " +
			"and what it remembers is as large as what it has explored")
	}
	f.mark = fingerprintOf(program, f.opt)
	if f.opt.Resume == nil {
		return nil
	}
	if err := f.resume(f.opt.Resume); err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	return nil
}

// saveWhenDue saves the search when it is time to. While one worker saves, the
// others go on.
func (f *frontier) saveWhenDue() {
	c := &f.opt.Checkpoint
	if c.Save == nil {
		return
	}
	now := f.live.started.Load()
	if !(c.Every > 0 && now-f.live.saved.Load() >= int64(c.Every)) && !(c.Due != nil && c.Due()) || !f.saving.TryLock() {
		return
	}
	defer f.saving.Unlock()
	f.live.saved.Store(now)
	if err := f.save(); err != nil {
		f.halt("checkpoint")
	}
}

// saveLast saves the search once no job is running.
func (f *frontier) saveLast() error {
	if f.opt.Checkpoint.Save == nil || f.err != nil {
		return nil
	}
	f.saving.Lock()
	defer f.saving.Unlock()
	if f.failed != nil {
		return f.failed
	}
	return f.save()
}

func (f *frontier) save() error {
	data, err := f.snapshot()
	if err == nil {
		err = f.opt.Checkpoint.Save(data)
	}
	if err != nil {
		f.failed = fmt.Errorf("save a checkpoint: %w", err)
	}
	return f.failed
}

func (f *frontier) snapshot() ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := savedSearch{Search: f.mark, Total: f.total, Over: f.over && f.bound == "" && f.last == nil && f.news == (groupUse{}), Probes: f.probes, Uses: f.uses}
	var err error
	if s.Payload, err = marshal(f.collector); err != nil {
		return nil, err
	}
	place := map[*job]int{}
	for j := f.head; j != nil; j = j.next {
		place[j] = len(place)
	}
	for j := f.head; j != nil; j = j.next {
		saved, err := j.save()
		if err != nil {
			return nil, err
		}
		saved.After = -1
		if at, ok := place[j.after]; ok {
			saved.After = at
		}
		s.Jobs = append(s.Jobs, saved)
	}
	body, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	return append([]byte(checkpointFormat+checksum(body)+"\n"), body...), nil
}

func (j *job) save() (savedJob, error) {
	s := savedJob{Digests: j.root.Digests, Asleep: j.root.Asleep, Orders: j.root.Orders, Level: j.root.Level, From: j.root.From, To: j.root.To,
		Known: max(j.known, j.given), Share: j.share}
	for _, p := range j.root.Places {
		s.Places = binary.AppendUvarint(s.Places, uint64(p))
	}
	if j.state != done || j.news != (groupUse{}) {
		return s, nil
	}
	s.Done, s.AtMost, s.Result = true, j.atMost, j.result
	var err error
	s.Payload, err = marshal(j.visitor)
	return s, err
}

func checksum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// marshal writes what a Collector or a Visitor has gathered.
func marshal(v any) ([]byte, error) {
	m, ok := v.(encoding.BinaryMarshaler)
	if !ok {
		return nil, fmt.Errorf("%T cannot be saved", v)
	}
	return m.MarshalBinary()
}

func unmarshal(v any, data []byte) error {
	m, ok := v.(encoding.BinaryUnmarshaler)
	if !ok {
		return fmt.Errorf("%T cannot be read back", v)
	}
	return m.UnmarshalBinary(data)
}

// resume puts the frontier where a checkpoint was made.
func (f *frontier) resume(data []byte) error {
	s, err := readCheckpoint(data)
	if err != nil {
		return err
	}
	if err := f.mark.accept(s.Search); err != nil {
		return err
	}
	f.total, f.over, f.probes, f.uses, f.head = s.Total, s.Over, s.Probes, s.Uses, nil
	if err := unmarshal(f.collector, s.Payload); err != nil {
		return fmt.Errorf("what was seen: %w", err)
	}
	jobs := make([]job, len(s.Jobs))
	for i := range s.Jobs {
		if err := f.resumeJob(&jobs[i], &s.Jobs[i]); err != nil {
			return fmt.Errorf("job %d: %w", i, err)
		}
		if after := s.Jobs[i].After; after > i && after < len(jobs) {
			jobs[i].after = &jobs[after]
		}
		if i+1 < len(jobs) {
			jobs[i].next = &jobs[i+1]
		}
	}
	f.live.resume(f.total)
	for i := range jobs {
		f.live.resume(jobs[i].result)
	}
	if len(jobs) > 0 {
		f.head = &jobs[0]
	}
	return nil
}

func (f *frontier) resumeJob(j *job, s *savedJob) error {
	j.root = root{Schedule: Schedule{Digests: s.Digests}, Asleep: s.Asleep, Orders: s.Orders, Level: s.Level, From: s.From, To: s.To}
	for rest := s.Places; len(rest) > 0; {
		n, size := binary.Uvarint(rest)
		if size <= 0 {
			return errors.New("its root cannot be read")
		}
		j.root.Places = append(j.root.Places, int(n))
		rest = rest[size:]
	}
	j.known, j.share = s.Known, s.Share
	if !s.Done {
		return nil
	}
	j.state, j.given, j.atMost, j.result = done, s.Known, s.AtMost, s.Result
	j.visitor = f.collector.Begin()
	return unmarshal(j.visitor, s.Payload)
}

// readCheckpoint checks that data is a whole checkpoint.
func readCheckpoint(data []byte) (savedSearch, error) {
	var s savedSearch
	line, body, ok := bytes.Cut(data, []byte("\n"))
	sum, known := bytes.CutPrefix(line, []byte(checkpointFormat))
	switch {
	case !known && bytes.HasPrefix(line, []byte("interleave checkpoint ")):
		return s, fmt.Errorf("the checkpoint is of another format: %q", bytes.TrimSpace(line))
	case !known || !ok:
		return s, errors.New("this is no checkpoint")
	case checksum(body) != string(sum):
		return s, errors.New("the checkpoint is damaged or cut short: its checksum does not fit")
	}
	if err := json.Unmarshal(body, &s); err != nil {
		return s, fmt.Errorf("the checkpoint cannot be read: %w", err)
	}
	return s, nil
}
