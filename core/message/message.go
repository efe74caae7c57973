// Package message puts the program's sentences into words. The sentences live in a catalogue, one folder of YAML
// files for each language; code names them by id. Nothing else in the program holds text that a person reads, so a
// further language is only a further folder.
package message
