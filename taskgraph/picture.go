package taskgraph

// PictureOption sets something of a Picture.
type PictureOption func(*Picture)

// Picture is a drawn graph.
type Picture struct{}

func visualize(nodes []*Node, opts []PictureOption) *Picture { return nil }
