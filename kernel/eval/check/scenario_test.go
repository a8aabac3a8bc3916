package check

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestDebugScenarios(t *testing.T) {
	src, err := os.ReadFile(os.Getenv("SCEN"))
	if err != nil {
		t.Skip()
	}
	for _, sc := range strings.Split("\n"+string(src), "\n#### ") {
		name, body, _ := strings.Cut(sc, "\n")
		fmt.Println("==", name)
		s := New()
		for k, cell := range strings.Split(body, "\n---\n") {
			c, err := s.Check(k+1, cell)
			fmt.Printf("  [%d] %.90q\n", k+1, cell)
			if c != nil {
				for _, n := range c.Notes {
					fmt.Println("      note:", n)
				}
			}
			if err != nil {
				fmt.Println("      ", strings.ReplaceAll(err.Error(), "\n", "\n       "))
				continue
			}
			for _, p := range c.Programs {
				s.Commit(p, len(p.Steps))
				for _, v := range p.Vars {
					fmt.Println("      var", v.ID(), v.Obj.Type())
				}
				for _, d := range p.Decls {
					fmt.Println("      decl", d.Names)
				}
				for _, d := range p.Again {
					fmt.Println("      again", d.Names)
				}
				for _, st := range p.Steps {
					for _, x := range st.Show {
						fmt.Println("      show", p.Info.Types[x].Type)
					}
				}
			}
		}
	}
}
