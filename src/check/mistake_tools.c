/* What other programs report: the rules are in compare/tools.c. */
#include "check/mistake.h"

#define TOOL(name, tool)                                                                           \
    {                                                                                              \
        "like-" tool, "it is counted as " name " does", "--like " tool, .rank = 2, .like = tool    \
    }

static const cnn_mistake rows[] = {
    TOOL("torchinfo", "torchinfo"), TOOL("thop", "thop"),
    TOOL("ptflops", "ptflops"),     TOOL("ptflops' back end aten", "ptflops-aten"),
    TOOL("fvcore", "fvcore"),       TOOL("PyTorch's profiler", "torch-profiler"),
    TOOL("OpenCV", "opencv"),       TOOL("darknet", "darknet"),
    TOOL("Keras", "keras"),
};

const cnn_mistake_family cnn_mistakes_tools = {rows, CNN_LENGTH(rows)};
