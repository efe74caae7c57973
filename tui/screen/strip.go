package screen

import "github.com/charmbracelet/x/ansi"

// stripped is a drawn line without its styles.
func stripped(line string) string { return ansi.Strip(line) }
