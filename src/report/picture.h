/* A network as a picture: where its boxes and connections lie. Drawing them is svg.c's work. */
#ifndef CNN_REPORT_PICTURE_H
#define CNN_REPORT_PICTURE_H

#include "ops/op.h"
#include "report/report.h"

/* Sizes are pixels at normal scale. */
enum {
    CNN_PICTURE_FONT = 11,
    CNN_PICTURE_LETTER = 7, /* width of a letter, on the safe side */
    CNN_PICTURE_TEXT = 15,  /* from one line of text to the next */
    CNN_PICTURE_MARGIN = 24,
    CNN_PICTURE_WIDTH = 800, /* at most; so pages show it at its own size */
    CNN_PICTURE_NOTES = 3,   /* on a box at most; the last may count several */
    CNN_PICTURE_LEVEL = 11   /* from one skip connection to the next */
};

/* What a box is coloured by: an index into cnn_families, or one of the two values after it. */
#define CNN_PICTURE_INPUT  ((int32_t)cnn_family_count)
#define CNN_PICTURE_OTHERS ((int32_t)cnn_family_count + 1)

/* One row of the report: a cuboid, its front face `width` x `height` with its middle at `y`. */
typedef struct cnn_picture_box {
    cnn_row row;
    int32_t line;   /* boxes are in lines, as words are */
    int32_t family; /* of the layer, or of the one with the most parameters */
    int32_t slices; /* one for each of its layers, as far as there is room */
    int64_t x, y;
    int64_t width, height, depth;
    int64_t cell;   /* the width that it takes with its text */
    int64_t text_x; /* the middle of its text */
    int32_t notes;  /* how many skips come from other lines */
} cnn_picture_box;

/* A value that is read further on than by the next box. */
typedef struct cnn_picture_skip {
    int32_t from, to;
    int32_t level; /* above its line, from 1; 0: the boxes are in different lines */
    int32_t note;  /* then: the index of the target's note about it, from 1 */
} cnn_picture_skip;

typedef struct cnn_picture_line {
    int32_t first, end;
    int64_t text_y; /* of the first line of text */
    int64_t top;    /* of the highest box */
    int32_t notes;  /* stacked on a box at most; skips pass above them */
} cnn_picture_line;

typedef struct cnn_picture {
    cnn_picture_box *boxes;
    cnn_picture_skip *skips;
    cnn_picture_line *lines;
    bool *linear; /* box i is read by the next one */
    int32_t box_count, skip_count, line_count;
    int64_t width, height;
    int64_t legend_end; /* where the lines begin */
} cnn_picture;

/* Room for the legend above the lines; svg.c knows its entries. */
typedef int64_t cnn_legend_height(const cnn_picture *picture);

/* What a row is coloured by: where it is several layers, the one with the most parameters. */
int32_t cnn_picture_family(const cnn_report *report, const cnn_row *row);

/* How many boxes it has. */
int32_t cnn_picture_count(const cnn_report *report);

/* Lays the picture out in the report's scratch memory. NULL: out of memory. */
cnn_picture *cnn_picture_make(cnn_report *report, cnn_legend_height *legend);

/* A name as it is shown; the buffer has room for more bytes than that. */
typedef struct cnn_picture_text {
    char data[256];
    size_t size;
    int64_t letters;
} cnn_picture_text;

/* A row's name, with dots where it is cut. */
cnn_picture_text cnn_picture_name(const cnn_report *report, const cnn_row *row);

#endif
