// Package rt makes reflect types for the types that cells declare.
package rt
