// With a file of assembly in the package the compiler accepts the declarations
// without bodies of link.go.
