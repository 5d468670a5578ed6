/* Lists with a "?" in place of numbers: where they are, and the lists with numbers put in. */
#ifndef CNN_HOMEWORK_UNKNOWN_H
#define CNN_HOMEWORK_UNKNOWN_H

#include "base/error.h"
#include "base/out.h"

enum { CNN_MOST_UNKNOWNS = 6 };

typedef struct cnn_unknown {
    uint32_t at;       /* its byte in the text */
    bool input;        /* it is in the input's text, not in the list's */
    bool grows;        /* channels or a side of the input: counts only grow with it */
    bool large;        /* channels, or a side of the input; otherwise a kernel, a stride, ... */
    int64_t low, high; /* the numbers that are tried */
} cnn_unknown;

typedef struct cnn_unknowns {
    cnn_text text;                       /* the list */
    cnn_text input;                      /* of the settings; may be empty */
    cnn_unknown list[CNN_MOST_UNKNOWNS]; /* those of the input first */
    int32_t count;
} cnn_unknowns;

/* Finds every "?" outside comments. */
bool cnn_unknowns_find(cnn_text text, cnn_text input, cnn_unknowns *out, cnn_error *err);

/* The list, or the input, with numbers put in, into `buffer`, which has room for
 * cnn_unknowns_room. */
cnn_text cnn_unknowns_fill(const cnn_unknowns *unknowns, bool input, const int64_t *values,
                           char *buffer);
size_t cnn_unknowns_room(const cnn_unknowns *unknowns);

/* A place in the filled list as one in the text. */
cnn_span cnn_unknowns_place(const cnn_unknowns *unknowns, bool input, const int64_t *values,
                            cnn_span span);

/* The list in one line, without comments, led by its input when that has unknowns. */
void cnn_unknowns_write(const cnn_unknowns *unknowns, const int64_t *values, cnn_out *out);

#endif
