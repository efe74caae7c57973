package figure

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// lines reads line by line in bounded memory: of a line that is too long only the beginning is kept.
type lines struct {
	from *bufio.Reader
	// number is that of the line read last, from 1 on.
	number int64
	buf    []byte
}

// readAhead is how many bytes are asked for at once.
const readAhead = 2 << 20

func newLines(r io.Reader) *lines { return &lines{from: bufio.NewReaderSize(r, readAhead)} }

// pausing is a source that tells before it may wait for more.
type pausing struct {
	from  io.Reader
	pause func()
}

func (p pausing) Read(b []byte) (int, error) {
	p.pause()
	return p.from.Read(b)
}

// byteOrderMark begins files of some editors.
var byteOrderMark = []byte{0xef, 0xbb, 0xbf}

// next reads the next line that is not empty, without its end. The result is good until the next call. long says that the line is
// longer than MaxLine and cut. At the end it is io.EOF.
func (l *lines) next() (line []byte, long bool, err error) {
	for {
		l.number++
		line, long, err = l.read()
		if l.number == 1 {
			line = bytes.TrimPrefix(line, byteOrderMark)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 || err != nil {
			break
		}
	}
	if len(line) > 0 && errors.Is(err, io.EOF) {
		err = nil // the last line has no end; the next call finds that there is no more
	}
	return line, long, err
}

func (l *lines) read() (line []byte, long bool, err error) {
	l.buf = l.buf[:0]
	for {
		part, err := l.from.ReadSlice('\n')
		if room := MaxLine - len(l.buf); len(bytes.TrimRight(part, "\r\n")) > room {
			l.buf, long = append(l.buf, part[:room]...), true
		} else if !long {
			l.buf = append(l.buf, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l.buf, long, err
		}
	}
}
