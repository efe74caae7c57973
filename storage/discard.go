package storage

import "os"

// Discard removes a closed database with all the files beside it. What is not there, or cannot be removed, is left.
func Discard(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", checkpointSuffix, keySuffix} {
		_ = os.Remove(path + suffix)
	}
}
