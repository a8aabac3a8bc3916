// Command dagbook is a Jupyter kernel for Go whose cells build and run task graphs.
package main

func main() {}
