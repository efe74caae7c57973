package message

// Args are the named values of a message, by the name its placeholder carries: Args{"Name": "sales_dw"} fills
// {{.Name}}. The name Count is special: it also chooses the plural form. A value that is itself a Text, or a list of
// them, is put into words in the language of the sentence around it.
type Args map[string]any

// Text is a message not yet put into words: the id of a catalogue entry with its values. Errors and events carry it,
// because the language is known only to the face that shows them.
type Text struct {
	ID   string
	Args Args
}

// IsZero reports whether t carries no message.
func (t Text) IsZero() bool { return t.ID == "" }
