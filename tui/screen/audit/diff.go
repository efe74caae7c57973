package audit

// line is one line of a comparison: on both sides (' '), only before ('-') or only after ('+').
type line struct {
	sign byte
	text string
}

// diffLimit bounds the lines compared on a side: the table of the comparison grows with their product.
const diffLimit = 1500

// diff compares two texts line by line, by their longest common subsequence.
func diff(before, after []string) []line {
	if len(before) > diffLimit || len(after) > diffLimit {
		var out []line
		for _, s := range before {
			out = append(out, line{'-', s})
		}
		for _, s := range after {
			out = append(out, line{'+', s})
		}
		return out
	}
	// common[i][j] is the length of the longest common subsequence of before[i:] and after[j:].
	common := make([][]int, len(before)+1)
	for i := range common {
		common[i] = make([]int, len(after)+1)
	}
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			if before[i] == after[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []line
	i, j := 0, 0
	for i < len(before) && j < len(after) {
		switch {
		case before[i] == after[j]:
			out = append(out, line{' ', before[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			out = append(out, line{'-', before[i]})
			i++
		default:
			out = append(out, line{'+', after[j]})
			j++
		}
	}
	for ; i < len(before); i++ {
		out = append(out, line{'-', before[i]})
	}
	for ; j < len(after); j++ {
		out = append(out, line{'+', after[j]})
	}
	return out
}
