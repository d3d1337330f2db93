package dump

// A Given is what one file gave, and what of it was not understood. A file may have several.
type Given struct {
	File    string
	Objects map[string]int // by kind, those as well that no diagnosis looks at
	Lines   int            // of a node's log that say something
	Left    bool           // it is nothing that is read here: the log of a container, a program's settings
	Broken  int            // places that could not be read
}

// gave notes what a file was found to hold.
func (c *collector) gave(f found) {
	switch {
	case c.tell == nil:
	case f.ignored:
		c.given.Left = true
	case f.gap != nil || f.gaveUp:
		c.given.Broken++
	default:
		kind := f.kind
		if f.skipped != "" {
			kind = f.skipped
		}
		if kind == "" { // an empty list, or a snapshot.yaml
			return
		}
		if c.given.Objects == nil {
			c.given.Objects = map[string]int{}
		}
		c.given.Objects[kind]++
	}
}

// tellGiven tells what the file gave that is done with.
func (c *collector) tellGiven() {
	if c.tell != nil && c.file != "" {
		c.given.File = c.file
		c.tell(c.given)
	}
	c.given = Given{}
}
