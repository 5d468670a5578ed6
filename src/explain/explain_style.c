/* The looks of an explanation: one table, and the few functions that write by it. In JSON a line
 * is an object, with the same line as text in it. */
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
            .terms_end = " \\\\\n &= ",
        },
    [CNN_FORMAT_JSON] = {.quoted = true, .escape = CNN_ESCAPE_JSON},
};

void cnn_working_put(cnn_working *to, const char *string)
{
    if (string != NULL) {
        cnn_out_string(to->out, string);
    }
}

void cnn_working_escape(cnn_working *to, bool on)
{
    cnn_out_set_escape(to->out, on || to->style->quoted ? to->style->escape : CNN_ESCAPE_NONE);
}

const cnn_style *cnn_style_find(cnn_text format, cnn_error *err)
{
    const cnn_format *found = cnn_format_for(format, CNN_TASK_EXPLAIN, err);
    return found != NULL ? &styles[found->kind] : NULL;
}

/* Opens a line, and the block before the first. */
static void begin(cnn_working *to)
{
    if (to->lines++ == 0) {
        cnn_working_put(to, to->style->block_begin);
        cnn_working_put(to, to->style->line_begin);
    } else {
        cnn_working_put(to, to->style->line_next);
    }
}

static void put_result(cnn_working *to, const cnn_worked *line)
{
    cnn_out_number(to->out, line->result, line->result_over, to->style->tex);
}

static void put_text(cnn_working *to, const cnn_worked *line)
{
    const cnn_style *style = to->style;
    begin(to);
    cnn_working_put(to, style->label_begin);
    const int64_t start = cnn_out_columns(to->out);
    line->put(line, to, CNN_LINE_NAME);
    if (line->row == NULL) {
        cnn_out_fill(to->out, ' ', style->label_width - (cnn_out_columns(to->out) - start));
        cnn_working_put(to, style->label_end);
        line->put(line, to, CNN_LINE_FORMULA);
        cnn_working_put(to, style->numbers_begin);
    } else {
        cnn_working_put(to, style->sum_begin);
    }
    const int32_t terms = line->put(line, to, CNN_LINE_NUMBERS);
    cnn_working_put(to, style->terms > 0 && terms > style->terms ? style->terms_end : " = ");
    put_result(to, line);
    cnn_working_put(to, style->numbers_end);
}

static void put_sentence(cnn_working *to, const cnn_worked *line)
{
    cnn_json_quote(to->json, "sentence");
    for (int32_t part = CNN_LINE_NAME; part <= CNN_LINE_NUMBERS; part++) {
        if (part != CNN_LINE_FORMULA || line->row == NULL) {
            line->put(line, to, (cnn_line_part)part);
            cnn_out_string(to->out, " = ");
        }
    }
    put_result(to, line);
    cnn_json_unquote(to->json);
}

/* Which row of the report a sum is of; a total is of none. */
static void put_row(cnn_json *json, const cnn_row *row)
{
    if (row->title == NULL) {
        cnn_json_int(json, "row", row->number);
    } else {
        cnn_json_null(json, "row");
    }
    cnn_json_bool(json, "without_aux", row->without_aux);
}

static void put_json(cnn_working *to, const cnn_worked *line)
{
    cnn_json *json = to->json;
    cnn_json_break(json);
    cnn_json_open(json, NULL, '{');
    cnn_json_string(json, "what", line->what);
    if (line->row != NULL) {
        put_row(json, line->row);
    } else {
        cnn_json_string(json, "axis", line->axis);
        cnn_json_quote(json, "formula");
        line->put(line, to, CNN_LINE_FORMULA);
        cnn_json_unquote(json);
    }
    cnn_json_quote(json, "working");
    line->put(line, to, CNN_LINE_NUMBERS);
    cnn_json_unquote(json);
    cnn_fraction_json(json, "result",
                      (cnn_fraction){line->result, line->result_over == 0 ? 1 : line->result_over});
    put_sentence(to, line);
    cnn_json_close(json, '}');
}

void cnn_working_line(cnn_working *to, const cnn_worked *line)
{
    (to->json != NULL ? put_json : put_text)(to, line);
}

/* A sentence alone has the keys of a line, too. */
static void put_json_note(cnn_json *json, const char *note)
{
    static const char *const keys[] = {"what", "axis", "formula", "working", "result"};
    cnn_json_break(json);
    cnn_json_open(json, NULL, '{');
    for (size_t i = 0; i < CNN_LENGTH(keys); i++) {
        cnn_json_null(json, keys[i]);
    }
    cnn_json_string(json, "sentence", note);
    cnn_json_close(json, '}');
}

void cnn_working_note(cnn_working *to, const char *note)
{
    if (to->json != NULL) {
        put_json_note(to->json, note);
        return;
    }
    begin(to);
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
