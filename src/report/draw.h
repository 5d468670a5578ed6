/* What all pictures in SVG consist of. */
#ifndef CNN_REPORT_DRAW_H
#define CNN_REPORT_DRAW_H

#include "report/picture.h"

/* <svg ...> with a title, the style and the page. */
void cnn_draw_open(const cnn_report *report, int64_t width, int64_t height);

/* A number after some text. */
void cnn_draw_number(cnn_out *out, const char *before, int64_t n);

/* <text class="c" x="..." y="...">, to be followed by text and the end. */
void cnn_draw_text(cnn_out *out, const char *class, int64_t x, int64_t y);
void cnn_draw_text_end(cnn_out *out);

/* <path class="c" d="M...", to be followed by more of it and the end. */
void cnn_draw_path(cnn_out *out, const char *class, int64_t x, int64_t y);
void cnn_draw_path_end(cnn_out *out);

/* The fill of a family. */
const char *cnn_draw_colour(int32_t family);

/* What a reader sees who points at a row: its name, output and counts. */
void cnn_draw_title(const cnn_report *report, const cnn_row *row);

#endif
