/* Documentation from the tables: layers, columns, formats. */
#include "base/out.h"
#include "batch/batch.h"
#include "measure/quantity.h"
#include "ops/op.h"
#include "paste/paste.h"
#include "report/report.h"

/* Columns of text for a name before what it means. */
enum { NAME_WIDTH = 12 };

static void put_name(cnn_out *out, const char *name)
{
    cnn_out_string(out, "  ");
    cnn_out_string(out, name);
    cnn_out_fill(out, ' ', NAME_WIDTH - (int64_t)cnn_text_of(name).size);
}

/* "3", "3x3", "-N", "s1": the kind's attributes with their defaults. */
static void put_attrs(cnn_out *out, const cnn_op *op)
{
    const cnn_use *size = cnn_use_of(op, CNN_SIZE);
    if (size->need != CNN_NEVER) {
        cnn_out_string(out, size->need == CNN_REQUIRED ? "" : "[");
        cnn_out_string(out, op->size != NULL ? op->size : "K");
        cnn_out_string(out, size->need == CNN_REQUIRED ? "" : "]");
        cnn_out_string(out, op->takes_label ? " or @label" : "");
    }
    if (cnn_use_of(op, CNN_CHANNELS)->need != CNN_NEVER) {
        cnn_out_string(out, cnn_use_of(op, CNN_CHANNELS)->need == CNN_REQUIRED ? "-N" : "[-N]");
    }
    for (int32_t attr = CNN_STRIDE; attr < CNN_ATTRS; attr++) {
        const cnn_use *use = cnn_use_of(op, (cnn_attr)attr);
        /* the padding of the far end is written with that of the near one */
        if (use->need == CNN_NEVER || attr == CNN_PAD_AFTER) {
            continue;
        }
        cnn_out_char(out, ' ');
        cnn_out_string(out, cnn_attr_spelling(op, (cnn_attr)attr));
        /* a pooling's stride is its kernel */
        if (attr == CNN_STRIDE && use->standard == 0) {
            cnn_out_string(out, "(K)");
        } else if (attr == CNN_PAD && cnn_use_of(op, CNN_SAME)->standard != 0) {
            cnn_out_string(out, "(same)");
        } else if (attr < CNN_NUMBERS) {
            cnn_out_int(out, use->standard);
        }
    }
    if (op->form == CNN_FORM_JOIN) {
        cnn_out_string(out, "(list | list)");
    } else if (op->form == CNN_FORM_AUX || op->form == CNN_FORM_FROZEN) {
        cnn_out_string(out, "(list)");
    } else if (op->form == CNN_FORM_REUSE) {
        cnn_out_string(out, "(label)");
    }
}

/* A layer in two lines: what it does, and how it is written. */
static void put_op(cnn_out *out, const cnn_op *op)
{
    put_name(out, op->name);
    cnn_out_string(out, op->brief);
    cnn_out_string(out, "\n              write ");
    cnn_out_string(out, op->name);
    put_attrs(out, op);
    if (op->aliases != NULL) {
        cnn_out_string(out, "   also: ");
        cnn_out_string(out, op->aliases);
    }
    if (op->params != NULL) {
        cnn_out_string(out, "   parameters: ");
        cnn_out_string(out, op->params);
    }
    cnn_out_char(out, '\n');
}

/* A row of a table, in which "|" has to be escaped. */
static void put_op_markdown(cnn_out *out, const cnn_op *op)
{
    cnn_out_string(out, "| `");
    cnn_out_set_escape(out, CNN_ESCAPE_MARKDOWN);
    cnn_out_string(out, op->name);
    put_attrs(out, op);
    cnn_out_string(out, "` ");
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_string(out, "| ");
    cnn_out_set_escape(out, CNN_ESCAPE_MARKDOWN);
    cnn_out_string(out, op->brief);
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_string(out, " | ");
    cnn_out_string(out, op->params == NULL ? "0" : op->params);
    cnn_out_string(out, " |\n");
}

/* All kinds, family by family, in the order of their tables. */
static void put_layers(cnn_out *out, bool markdown)
{
    if (markdown) {
        cnn_out_string(out, "| layer | what it does | parameters |\n|---|---|---|\n");
    } else {
        cnn_out_string(out, "C, H, W: channels, height and width that enter. K: size, HxW or one "
                            "number for both.\nN: channels that come out. A number after an "
                            "attribute is its default.\n");
    }
    for (size_t i = 0; i < cnn_family_count; i++) {
        const cnn_family *family = cnn_families[i];
        if (!markdown) {
            cnn_out_char(out, '\n');
            cnn_out_string(out, family->title);
            cnn_out_char(out, '\n');
        }
        for (size_t k = 0; k < family->count; k++) {
            (markdown ? put_op_markdown : put_op)(out, &family->ops[k]);
        }
    }
    if (!markdown) {
        cnn_out_string(out, "\nattributes\n"
                            "  s stride (or /2)   p padding per side   d dilation   g groups   "
                            "b1/b0 with/without biases\n"
                            "  op output padding   same: output = ceil(input/s)   valid: p0   "
                            "ceil: round the size up\n"
                            "  same=tf: the same, padded as TensorFlow does   a1/a0 of norms: "
                            "with/without learned factors and shifts\n"
                            "  all: of ln, over everything\n");
    }
}

/* Columns of reports; shares and ratios are made from them by their names. */
static void put_columns(cnn_out *out)
{
    cnn_column column;
    for (size_t at = 0; cnn_column_next(&at, &column);) {
        put_name(out, column.name);
        cnn_out_string(out, column.brief);
        /* columns about frozen layers are shown only where there are any */
        cnn_out_string(out, (column.shown & (CNN_IN_TABLE | CNN_IF_FROZEN)) == CNN_IN_TABLE
                                ? " (default)\n"
                                : "\n");
    }
    put_name(out, "NAME%");
    cnn_out_string(out, "percent of the total, for what adds up:");
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        cnn_out_string(out, cnn_quantities[i].share.percent != NULL ? " " : "");
        cnn_out_string(
            out, cnn_quantities[i].share.percent != NULL ? cnn_quantities[i].share.percent : "");
    }
    cnn_out_char(out, '\n');
    put_name(out, "share");
    cnn_out_string(out, "the same as params%\n");
    put_name(out, "NAME/first");
    cnn_out_string(out, "of networks side by side: the ratio to the first one's\n");
}

static void put_batch_columns(cnn_out *out)
{
    /* of statistics_without_aux, and a blank */
    enum { LONGEST_NAME = 23 };
    cnn_batch_column column;
    for (size_t at = 0; cnn_batch_column_next(&at, &column);) {
        const cnn_text name = cnn_text_of(column.name);
        cnn_out_string(out, "  ");
        cnn_out_text(out, name);
        cnn_out_fill(out, ' ', LONGEST_NAME - (int64_t)name.size);
        cnn_out_string(out, column.brief);
        cnn_out_string(out, column.standard ? " (default)\n" : "\n");
    }
}

/* The formats, and which of them each task writes. */
static void put_formats(cnn_out *out)
{
    /* what is written, in the plural */
    static const char *const tasks[CNN_TASKS] = {
        [CNN_TASK_REPORT] = "reports",   [CNN_TASK_EXPLAIN] = "workings",
        [CNN_TASK_CHECK] = "answers",    [CNN_TASK_SOLVE] = "solutions",
        [CNN_TASK_LIKE] = "comparisons", [CNN_TASK_GRADIENTS] = "gradients",
        [CNN_TASK_BATCH] = "many lists", [CNN_TASK_MODEL] = "model files",
        [CNN_TASK_BESIDE] = "networks",
    };
    for (size_t i = 0; i < CNN_FORMATS; i++) {
        put_name(out, cnn_formats[i].name);
        cnn_out_string(out, cnn_formats[i].brief);
        cnn_out_char(out, '\n');
    }
    cnn_out_char(out, '\n');
    for (int32_t task = 0; task < CNN_TASKS; task++) {
        put_name(out, tasks[task]);
        cnn_formats_put(out, (cnn_task)task);
        cnn_out_char(out, '\n');
    }
}

/* Names that "|" parts, with blanks between. */
static void put_names(cnn_out *out, const char *names)
{
    for (const char *c = names; *c != '\0'; c++) {
        if (*c == '|') {
            cnn_out_string(out, ", ");
        } else {
            /* "Conv#d" is Conv1d, Conv2d and Conv3d */
            cnn_out_char(out, *c == '#' ? 'N' : *c);
        }
    }
}

/* Arguments with their defaults; of each the first of its names. */
static void put_args(cnn_out *out, const char *args)
{
    bool other = false; /* another name of the same argument */
    for (const char *c = args; *c != '\0'; c++) {
        /* "a|b=1": b is another name of a, up to the "=" or a blank */
        other = *c == '|' || (other && *c != '=' && *c != ' ');
        if (!other) {
            cnn_out_char(out, *c);
        }
    }
}

/* Layers of a framework. */
static void put_rows(cnn_out *out, const cnn_framework_rows *rows)
{
    cnn_out_string(out, "N: 1, 2 or 3 axes. Arguments in their order, with their defaults.\n");
    for (; rows != NULL; rows = rows->more) {
        for (size_t i = 0; i < rows->count; i++) {
            const cnn_framework_row *row = &rows->rows[i];
            cnn_out_string(out, "\n  ");
            put_names(out, row->name);
            cnn_out_string(out, row->refused ? "\n      refused: it " : "\n      ");
            cnn_out_string(out, row->brief);
            if (!row->refused && row->args[0] != '\0') {
                cnn_out_string(out, "\n      ");
                put_args(out, row->args);
            }
        }
    }
    cnn_out_char(out, '\n');
}

bool cnn_help_write(cnn_help topic, bool markdown, cnn_writer *to)
{
    cnn_out out;
    cnn_out_open(&out, to);
    switch (topic) {
    case CNN_HELP_LAYERS:
        put_layers(&out, markdown);
        break;
    case CNN_HELP_COLUMNS:
        put_columns(&out);
        break;
    case CNN_HELP_FORMATS:
        put_formats(&out);
        break;
    case CNN_HELP_PYTORCH:
        put_rows(&out, &cnn_torch_rows);
        break;
    case CNN_HELP_KERAS:
        put_rows(&out, &cnn_keras_rows);
        break;
    default: /* CNN_HELP_BATCH_COLUMNS */
        put_batch_columns(&out);
        break;
    }
    return cnn_out_close(&out);
}
