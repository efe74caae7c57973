//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package cast

import "os"

// hold does nothing where files cannot be locked this way: servers there must not share a folder of recordings.
func hold(*os.File) bool { return true }
