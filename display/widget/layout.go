package widget

import (
	"reflect"
	"strings"
	"unicode"
)

// Layout is where a widget stands and how large it is, in the words of CSS: Width "300px",
// "50%" or "auto". What is empty is as the front end has it.
type Layout struct {
	Width, Height, MinWidth, MaxWidth, MinHeight, MaxHeight                  string
	Margin, Padding, Border, Overflow, Visibility, Display                   string
	Flex, FlexFlow, AlignItems, AlignContent, AlignSelf, JustifyContent      string
	GridTemplateColumns, GridTemplateRows, GridTemplateAreas, GridArea       string
	GridGap, GridColumn, GridRow, Top, Left, Right, Bottom, ObjectFit, Order string
}

// model is the layout as a model of its own; nil when nothing is set.
func (l Layout) model() *model {
	state := State{}
	v := reflect.ValueOf(l)
	for field, x := range v.Fields() {
		if text := x.String(); text != "" && field.Name != "Border" {
			state[snake(field.Name)] = text
		}
	}
	if l.Border != "" {
		for _, side := range []string{"top", "right", "bottom", "left"} {
			state["border_"+side] = l.Border
		}
	}
	if len(state) == 0 {
		return nil
	}
	return newModel("Layout", state)
}

// snake writes MinWidth as min_width.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
