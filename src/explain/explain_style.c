/* The looks of an explanation: one table, and the few functions that write by it. */
#include "base/shape_text.h"
#include "explain/explain.h"

static const cnn_style styles[CNN_FORMATS] = {
    [CNN_FORMAT_TABLE] =
        {
            .remark_end = "\n",
            .blank = "\n",
            .heading_end = "\n",
            .number_end = "  ",
            .also = ", ",
            .times = "x",
            .arrow = " -> ",
            .line_begin = "    ",
            .line_next = "    ",
            .label_width = 19,
            .numbers_begin = "\n                       ",
            .numbers_end = "\n",
            .sum_begin = "\n                       ",
            .note_end = "\n",
        },
    [CNN_FORMAT_MARKDOWN] =
        {
            .escape = CNN_ESCAPE_MARKDOWN,
            .remark_end = "\n\n",
            .heading_begin = "### ",
            .heading_end = "\n\n",
            .number_end = ". ",
            .also = ", ",
            .code_begin = "`",
            .code_end = "`",
            .times = "x",
            .arrow = " → ",
            .block_end = "\n",
            .line_begin = "- ",
            .line_next = "- ",
            .label_end = ": `",
            .numbers_begin = "` \\\n  `",
            .numbers_end = "`\n",
            .sum_begin = ": `",
            .note_end = "\n",
        },
    [CNN_FORMAT_LATEX] =
        {
            .tex = true,
            .escape = CNN_ESCAPE_LATEX,
            .document_begin = "\\documentclass{article}\n"
                              "\\usepackage[margin=2cm]{geometry}\n"
                              "\\usepackage{amsmath}\n"
                              "\\allowdisplaybreaks\n"
                              "\\setlength{\\parindent}{0pt}\n"
                              "\\begin{document}\n",
            .document_end = "\\end{document}\n",
            .remark_end = "\n\n",
            .heading_begin = "\n\\medskip\\noindent\n",
            .heading_end = "\n",
            .number_end = ". ",
            .also = ",\\ ",
            .code_begin = "\\texttt{",
            .code_end = "}",
            .math_begin = "$",
            .math_end = "$",
            .times = " \\times ",
            .arrow = " \\to ",
            .block_begin = "\\begin{align*}\n",
            .block_end = "\n\\end{align*}\n",
            .line_next = " \\\\\n",
            .label_begin = "\\text{",
            .label_end = "} &= ",
            .numbers_begin = " = ",
            .sum_begin = "} &= ",
            .note_begin = "& \\text{",
            .note_end = "}",
            .terms = 7,
            .terms_break = " \\\\\n &\\quad + ",
        },
};

void cnn_working_put(cnn_working *to, const char *string)
{
    if (string != NULL) {
        cnn_out_string(to->out, string);
    }
}

void cnn_working_escape(cnn_working *to, bool on)
{
    cnn_out_set_escape(to->out, on ? to->style->escape : CNN_ESCAPE_NONE);
}

const cnn_style *cnn_style_find(cnn_text format, cnn_error *err)
{
    const cnn_format *found = cnn_format_for(format, CNN_TASK_EXPLAIN, err);
    return found != NULL ? &styles[found->kind] : NULL;
}

void cnn_working_begin(cnn_working *to)
{
    if (to->lines++ == 0) {
        cnn_working_put(to, to->style->block_begin);
        cnn_working_put(to, to->style->line_begin);
    } else {
        cnn_working_put(to, to->style->line_next);
    }
}

void cnn_working_label(cnn_working *to, const char *label, const char *suffix)
{
    cnn_working_begin(to);
    cnn_working_put(to, to->style->label_begin);
    const int64_t start = to->out->count;
    cnn_working_put(to, label);
    cnn_working_put(to, suffix);
    cnn_out_fill(to->out, ' ', to->style->label_width - (to->out->count - start));
    cnn_working_put(to, to->style->label_end);
}

void cnn_working_note(cnn_working *to, const char *note)
{
    cnn_working_begin(to);
    cnn_working_put(to, to->style->note_begin);
    cnn_working_put(to, note);
    cnn_working_put(to, to->style->note_end);
}

void cnn_working_close(cnn_working *to)
{
    if (to->lines > 0) {
        cnn_working_put(to, to->style->block_end);
    }
    to->lines = 0;
}

void cnn_working_remark(cnn_working *to, const char *text)
{
    cnn_working_put(to, to->style->remark_begin);
    cnn_working_put(to, text);
    cnn_working_put(to, to->style->remark_end);
}

void cnn_working_shape(cnn_working *to, const cnn_shape *shape)
{
    cnn_out_int(to->out, shape->channels);
    for (int32_t i = 0; i < shape->axes; i++) {
        cnn_working_put(to, to->style->times);
        cnn_out_int(to->out, shape->side[i]);
    }
}

void cnn_explain_name(const cnn_report *report, const cnn_row *row, cnn_working *to)
{
    cnn_working_escape(to, true);
    cnn_row_put_name(report, row, to->out);
    cnn_working_escape(to, false);
}
