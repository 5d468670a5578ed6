/* The pasted code with its numbers repaired, and the mismatches in sentences. */
#include "base/shape_text.h"
#include "paste/flow.h"

/* The first edit after `last`, which has been made; NULL: there is none. Where two begin at one
 * place an insertion, which has no length, comes before what is replaced there. */
static const cnn_edit *next_edit(const cnn_edit *edits, const cnn_edit *last)
{
    const cnn_edit *best = NULL;
    for (const cnn_edit *e = edits; e != NULL; e = e->next) {
        const bool sooner = best == NULL || e->span.begin < best->span.begin ||
                            (e->span.begin == best->span.begin && e->span.end < best->span.end);
        const bool later =
            last == NULL || (e->span.begin >= last->span.end && e->span.end > last->span.begin);
        best = sooner && later ? e : best;
    }
    return best;
}

bool cnn_paste_fix_write(const cnn_network *net, cnn_writer *to)
{
    const cnn_edit *edits = net->pasted == NULL ? NULL : net->pasted->edits;
    cnn_out out;
    size_t at = 0;
    cnn_out_open(&out, to);
    for (const cnn_edit *e = next_edit(edits, NULL); e != NULL; e = next_edit(edits, e)) {
        cnn_out_bytes(&out, net->text.data + at, e->span.begin - at);
        cnn_out_text(&out, e->text);
        at = e->span.end;
    }
    cnn_out_bytes(&out, net->text.data + at, net->text.size - at);
    return cnn_out_close(&out);
}

static void put_number(cnn_out *out, const cnn_mismatch *m)
{
    cnn_out_int(out, m->enters);
    if (m->shape.axes > 0) {
        cnn_out_string(out, " (");
        cnn_out_shape(out, &m->shape);
        cnn_out_char(out, ')');
    }
}

typedef void sentence(cnn_out *out, const cnn_mismatch *m);

static void put_linear(cnn_out *out, const cnn_mismatch *m)
{
    cnn_out_text(out, m->layer);
    cnn_out_string(out, " declares ");
    cnn_out_int(out, m->declared);
    cnn_out_string(out, " inputs, but ");
    put_number(out, m);
    cnn_out_string(out, " enter");
}

static void put_channels(cnn_out *out, const cnn_mismatch *m)
{
    cnn_out_text(out, m->layer);
    cnn_out_string(out, " declares ");
    cnn_out_int(out, m->declared);
    cnn_out_string(out, m->declared == 1 ? " channel, but " : " channels, but ");
    cnn_out_int(out, m->enters);
    cnn_out_string(out, m->enters == 1 ? " enters" : " enter");
}

static void put_flatten(cnn_out *out, const cnn_mismatch *m)
{
    cnn_out_string(out, "a map of ");
    cnn_out_shape(out, &m->shape);
    cnn_out_string(out, " enters ");
    cnn_out_text(out, m->layer);
    cnn_out_string(out, ", which works on the last axis (");
    cnn_out_int(out, m->shape.side[m->shape.axes > 0 ? m->shape.axes - 1 : 0]);
    cnn_out_string(out, "); flattened, ");
    cnn_out_int(out, m->enters);
    cnn_out_string(out, " values enter");
}

static void put_view(cnn_out *out, const cnn_mismatch *m)
{
    cnn_out_string(out, "a view of ");
    cnn_out_int(out, m->declared);
    cnn_out_string(out, " values, but a sample has ");
    put_number(out, m);
}

static void put_batch(cnn_out *out, const cnn_mismatch *m)
{
    put_view(out, m);
    cnn_out_string(out, "; PyTorch does not complain and makes ");
    cnn_out_int(out, m->declared > 0 ? m->enters / m->declared : 0);
    cnn_out_string(out, " samples of each");
}

bool cnn_mismatches_write(const cnn_network *net, cnn_writer *to)
{
    static const struct {
        const char *kind;
        sentence *put;
    } sentences[] = {{"linear-in", put_linear}, {"conv-in", put_channels},
                     {"norm-in", put_channels}, {"no-flatten", put_flatten},
                     {"view", put_view},        {"view-batch", put_batch}};
    cnn_out out;
    cnn_out_open(&out, to);
    for (const cnn_mismatch *m = net->pasted == NULL ? NULL : net->pasted->mismatches; m != NULL;
         m = m->next) {
        int64_t line, column;
        cnn_text_locate(net->text, m->span.begin, &line, &column);
        cnn_out_string(&out, "line ");
        cnn_out_int(&out, line);
        cnn_out_string(&out, ": ");
        for (size_t i = 0; i < CNN_LENGTH(sentences); i++) {
            if (cnn_text_is(cnn_text_of(m->kind), sentences[i].kind)) {
                sentences[i].put(&out, m);
            }
        }
        if (m->write > 0) {
            cnn_out_string(&out,
                           cnn_text_is(cnn_text_of(m->kind), "no-flatten") ? ": put " : ": write ");
            cnn_out_text(&out, m->code);
        }
        cnn_out_char(&out, '\n');
        if (m->cause.size > 0) {
            cnn_out_string(&out, "  ");
            cnn_out_text(&out, m->cause);
            cnn_out_char(&out, '\n');
        }
    }
    return cnn_out_close(&out);
}
