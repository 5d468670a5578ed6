/* What a reader should know besides the numbers. */
#include "files/model_sheet.h"

/* What is different, and what onnxruntime does: {d} is its shape. */
static const struct {
    const char *ours, *theirs;
} deviations[CNN_NOTE_KINDS] = {
    [CNN_NOTE_VALID_CEIL] = {"VALID leaves ceil_mode without effect", "rounds up"},
    [CNN_NOTE_SAME_DILATION] = {"SAME keeps ceil(input / stride) whatever the dilation",
                                "pads as if there were none"},
    [CNN_NOTE_SAME_REFUSED] = {"SAME keeps ceil(input / stride) whatever the dilation",
                               "refuses to run it"},
    [CNN_NOTE_TRANSPOSED_SAME] = {"SAME makes input x stride",
                                  "makes no more than the windows cover"},
    [CNN_NOTE_WINDOW] = {"the window is larger than its padded input, so nothing is left",
                         "rounds towards zero"},
    [CNN_NOTE_SLICE_END] = {"an end beyond the map leaves nothing of it backwards",
                            "takes the largest integer for the beginning"},
    [CNN_NOTE_ROI] = {"the region of interest scales the size", "leaves it out of the size"},
    [CNN_NOTE_RATIO] = {"axes counted from the end are resized, too", "leaves them as they are"},
};

static void put_note(cnn_out *out, const cnn_note *note)
{
    cnn_sheet_put_name(out, note->call->node->op->text);
    cnn_out_string(out, " '");
    cnn_sheet_put_name(out, cnn_call_name(note->call));
    cnn_out_string(out, "': ");
    cnn_out_string(out, deviations[note->kind].ours);
    cnn_out_string(out, " (");
    cnn_sheet_put_dims(out, cnn_sheet_output_of(note->call));
    cnn_out_string(out, "); onnxruntime ");
    cnn_out_string(out, deviations[note->kind].theirs);
    if (!cnn_sizes_equal(&note->theirs, cnn_sheet_output_of(note->call))) {
        cnn_out_string(out, " (");
        cnn_sheet_put_dims(out, &note->theirs);
        cnn_out_char(out, ')');
    }
    cnn_out_char(out, '\n');
}

static void put_counted(cnn_out *out, int64_t count, const char *one, const char *many)
{
    cnn_out_int(out, count);
    cnn_out_string(out, count == 1 ? one : many);
}

static void put_unknown(cnn_out *out, const cnn_model *m)
{
    const cnn_call *c = m->first_unclear;
    if (m->shapeless > 0) {
        put_counted(out, m->shapeless, " node makes", " nodes make");
        cnn_out_string(out, " something whose shape is known only when it runs");
    } else {
        put_counted(out, m->unclear, " node has", " nodes have");
        cnn_out_string(out, " an unknown number of MACs");
    }
    cnn_out_string(out, ", the first is ");
    cnn_sheet_put_name(out, c->node->op->text);
    cnn_out_string(out, " '");
    cnn_sheet_put_name(out, cnn_call_name(c));
    cnn_out_string(out, m->unclear > 0 ? "'; the MACs are a lower bound\n" : "'\n");
}

bool cnn_model_write_remarks(const cnn_model *m, cnn_writer *to)
{
    cnn_out out;
    cnn_out_open(&out, to);
    for (const cnn_note *note = m->machine.notes; note != NULL; note = note->next) {
        put_note(&out, note);
    }
    if (m->unclear > 0 || m->shapeless > 0) {
        put_unknown(&out, m);
    }
    if (m->onnx.missing > 0) {
        cnn_out_string(&out, "the data of ");
        put_counted(&out, m->onnx.missing, " constant is", " constants is");
        cnn_out_string(&out, " in another file, which is not read\n");
    }
    return cnn_out_close(&out);
}
