package causefile

import (
	"fmt"

	"github.com/kubestuck/stuck/internal/diagnose"
)

// check looks for what is wrong with a cause although its file has the right form.
func (d *decoder) check(c *diagnose.Cause) {
	d.text("", c.Text)
	for _, v := range c.Variants {
		d.text("variants."+v.Name+".", v.Text)
	}
}

// text checks a text, which stands below a path.
func (d *decoder) text(in string, t diagnose.Text) {
	for i, s := range t.Fix {
		at := fmt.Sprintf("%sfix[%d]", in, i)
		if risk := riskOf(s.Run); risk != "" && s.Risk != risk && s.Because == (diagnose.Words{}) {
			d.fault(d.lines[at+".risk"], "%s.risk is %s, and what its command does is %s: write that, or say why it is not so here: "+
				"because: {en: …, zh: …}", at, s.Risk, risk)
		}
	}
}
