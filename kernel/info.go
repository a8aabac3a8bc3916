package kernel

import (
	"context"
	"encoding/json"
	"runtime"
	"strings"

	"github.com/dagbook/dagbook/protocol"
)

// kernelInfo introduces the kernel. nbconvert and editors go by the language's fields:
// without the extension a notebook becomes a .txt.
func (k *Kernel) kernelInfo(context.Context, *request, protocol.KernelInfoRequest) protocol.Content {
	version := strings.TrimPrefix(runtime.Version(), "go")
	return protocol.KernelInfoReply{
		Status:                protocol.OK,
		ProtocolVersion:       protocol.Version,
		Implementation:        "dagbook",
		ImplementationVersion: k.opts.Version,
		LanguageInfo: protocol.LanguageInfo{
			Name:           "go",
			Version:        version,
			MIMEType:       "text/x-go",
			FileExtension:  ".go",
			PygmentsLexer:  "go",
			CodemirrorMode: json.RawMessage(`"go"`),
		},
		Banner: "dagbook " + k.opts.Version + ": Go " + version + " with task graphs.\n" +
			"The last expression of a cell is shown. name? says what name is, %lsmagic lists the magics.",
		HelpLinks: []protocol.HelpLink{
			{Text: "The Go language", URL: "https://go.dev/doc/"},
			{Text: "A tour of Go", URL: "https://go.dev/tour/"},
			{Text: "Task graphs (Dask's concepts)", URL: "https://docs.dask.org/en/stable/graphs.html"},
		},
	}
}
