package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/interleave-go/interleave/kernels/shard"
)

// wordcountKind is the kind of a shard file with counts of words.
const wordcountKind = "wordcount"

// A wordcountJob is what determines the counts, as far as can be told without
// reading the files twice.
type wordcountJob struct {
	Files []wordcountFile `json:"files"`
}

type wordcountFile struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
}

// A wordcountPayload is what a shard has counted, in the order of the words.
type wordcountPayload struct {
	Bytes int64           `json:"bytes"`
	Words []wordFrequency `json:"words"`
}

func wordcountShardFile(s shard.Shard, files []wordcountFile, result *wordcountResult) (shard.File, error) {
	return shard.New(s, wordcountKind, wordcountJob{Files: files}, wordcountPayload{Bytes: result.Bytes, Words: result.all})
}

// combineWordcount adds counts. The bytes show that no part was cut short.
func combineWordcount(raw json.RawMessage, payloads []json.RawMessage) (any, error) {
	var job wordcountJob
	if err := json.Unmarshal(raw, &job); err != nil {
		return nil, fmt.Errorf("job of kind wordcount: %w", err)
	}
	left := int64(0)
	for _, f := range job.Files {
		left += f.Bytes
	}
	sum := wordcountPayload{Bytes: left, Words: []wordFrequency{}}
	for i, p := range payloads {
		var part wordcountPayload
		if err := json.Unmarshal(p, &part); err != nil {
			return nil, fmt.Errorf("payload of shard %d of kind wordcount: %w", i, err)
		}
		left -= part.Bytes
		sum.Words = append(sum.Words, part.Words...)
	}
	if left != 0 {
		return nil, fmt.Errorf("the shards counted %d bytes, the files have %d", sum.Bytes-left, sum.Bytes)
	}
	slices.SortFunc(sum.Words, func(a, b wordFrequency) int { return cmp.Compare(a.Word, b.Word) })
	sum.Words = addEqual(sum.Words)
	return sum, nil
}

// addEqual makes one of the neighbours that are the same word.
func addEqual(words []wordFrequency) []wordFrequency {
	kept := words[:0]
	for _, w := range words {
		if last := len(kept) - 1; last >= 0 && kept[last].Word == w.Word {
			kept[last].Count += w.Count
			continue
		}
		kept = append(kept, w)
	}
	return kept
}

// showWordcount writes a merged file's result.
func showWordcount(to io.Writer, file shard.File, asJSON bool) error {
	var payload wordcountPayload
	if err := json.Unmarshal(file.Payload, &payload); err != nil {
		return fmt.Errorf("payload of kind wordcount: %w", err)
	}
	var job wordcountJob
	if err := json.Unmarshal(file.Job, &job); err != nil {
		return fmt.Errorf("job of kind wordcount: %w", err)
	}
	result := &wordcountResult{Files: len(job.Files), Bytes: payload.Bytes, topMost: 10}
	table := newCountTable(nil, result)
	for _, w := range payload.Words {
		if err := table.add(w.Word, w.Count); err != nil {
			return err
		}
	}
	if asJSON {
		return writeJSON(to, map[string]any{
			"kind": wordcountKind, "files": result.Files, "bytes": result.Bytes,
			"words": result.Words, "distinct": result.Distinct, "top": result.Top,
		})
	}
	result.writeTotals(to)
	if len(result.Top) > 0 {
		writeChart(to, result.chart())
	}
	return nil
}
