/* Files by their first bytes. */
#ifndef CNN_FILES_SNIFF_H
#define CNN_FILES_SNIFF_H

#include "base/text.h"

/* A kind of file that is no ONNX model, and the way to one. */
typedef struct cnn_other_file {
    const char *name;
    const char *way;
} cnn_other_file;

/* NULL: it is none of those known. */
const cnn_other_file *cnn_file_other(cnn_text bytes);

#endif
