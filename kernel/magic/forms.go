package magic

import (
	"context"

	"github.com/dagbook/dagbook/display"
)

func formMagics() []Magic {
	return []Magic{
		form("html", "HTML", display.HTML),
		form("markdown", "Markdown", display.Markdown),
		form("latex", "LaTeX, a formula", display.Math),
		form("svg", "an SVG picture", display.SVG),
		form("javascript", "JavaScript, by running it in the browser", display.JavaScript),
	}
}

// form makes a magic that shows its cell in one form.
func form(name, what string, make func(string) display.Bundle) Magic {
	return Magic{
		Name: name,
		Cell: true,
		Doc:  "%%" + name + "\nShows the cell as " + what + ".",
		Run: func(ctx context.Context, c *Call) error {
			c.Out.Display(make(c.Body), "")
			return nil
		},
	}
}
