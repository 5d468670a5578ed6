/* The pieces that all pictures in SVG consist of. Their style holds for light and dark pages: the
 * reader's preference decides. Its rules are for the picture alone, which can be part of a page. */
#include "report/draw.h"

#include "base/shape_text.h"
#include "ops/op.h"

/* Fills: of the families in the order of their table, of the input, of what is neither. */
static const char *const colours[] = {"#4a86e8", "#9a6dd7", "#e2725b", "#35a79c", "#d9a520",
                                      "#6fa95a", "#d667a3", "#9aa4af", "#6c86a8"};

void cnn_draw_number(cnn_out *out, const char *before, int64_t n)
{
    cnn_out_string(out, before);
    cnn_out_int(out, n);
}

void cnn_draw_text(cnn_out *out, const char *class, int64_t x, int64_t y)
{
    cnn_out_string(out, "<text class=\"");
    cnn_out_string(out, class);
    cnn_draw_number(out, "\" x=\"", x);
    cnn_draw_number(out, "\" y=\"", y);
    cnn_out_string(out, "\">");
}

void cnn_draw_text_end(cnn_out *out)
{
    cnn_out_string(out, "</text>\n");
}

void cnn_draw_path(cnn_out *out, const char *class, int64_t x, int64_t y)
{
    cnn_out_string(out, "<path class=\"");
    cnn_out_string(out, class);
    cnn_draw_number(out, "\" d=\"M", x);
    cnn_draw_number(out, " ", y);
}

void cnn_draw_path_end(cnn_out *out)
{
    cnn_out_string(out, "\"/>\n");
}

/* Families beyond the last colour begin again with the first. */
const char *cnn_draw_colour(int32_t family)
{
    return colours[(size_t)family % CNN_LENGTH(colours)];
}

void cnn_draw_title(const cnn_report *report, const cnn_row *row)
{
    cnn_out *out = report->out;
    const cnn_subject of = {.first = row->first, .end = row->end};
    int64_t macs = 0; /* part of a total that fits */
    (void)cnn_sum_of(cnn_quantity_named("macs"), &of, report->net->layers, &report->numbers, &macs);
    cnn_out_string(out, "<title>");
    cnn_out_set_escape(out, CNN_ESCAPE_XML);
    if (row->number > 0) {
        cnn_row_put_name(report, row, out);
    } else {
        cnn_out_string(out, "input");
    }
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_string(out, ": ");
    cnn_out_shape(out, &row->last->out);
    cnn_out_string(out, ", ");
    cnn_out_grouped(out, cnn_row_params(report, row));
    cnn_out_string(out, " parameters, ");
    cnn_out_grouped(out, macs);
    cnn_out_string(out, " MACs</title>\n");
}

/* "light" and "shade" lie above a face and make its top brighter and its side darker. */
static void put_style(cnn_out *out)
{
    cnn_out_string(
        out, "<style>\n"
             ".cnncalc text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',"
             "sans-serif;fill:#57606a;text-anchor:middle}\n"
             ".cnncalc .name{fill:#1f2328}\n"
             ".cnncalc .legend,.cnncalc .total{text-anchor:start}\n"
             ".cnncalc .note{font-size:10px;fill:#6e7781}\n"
             ".cnncalc .page{fill:#ffffff}\n"
             ".cnncalc .face{stroke:#ffffff;stroke-width:.8;stroke-linejoin:round}\n"
             ".cnncalc .light{fill:#ffffff;fill-opacity:.28}\n"
             ".cnncalc .shade{fill:#000000;fill-opacity:.2}\n"
             ".cnncalc .slice{fill:none;stroke:#ffffff;stroke-width:.8;stroke-opacity:.75}\n"
             ".cnncalc .aux path{opacity:.6}\n"
             ".cnncalc .arrow,.cnncalc .skip{fill:none;stroke:#6e7781;stroke-width:1.2;"
             "marker-end:url(#cnncalc-tip)}\n"
             ".cnncalc .skip{stroke-dasharray:4 2}\n"
             ".cnncalc .tip{fill:#6e7781}\n"
             ".cnncalc .up{text-anchor:end}\n"
             ".cnncalc .axis{fill:none;stroke:#8c959f;stroke-width:1}\n"
             "@media (prefers-color-scheme:dark){\n"
             ".cnncalc text{fill:#9da7b3}\n.cnncalc .name{fill:#e6edf3}\n"
             ".cnncalc .note{fill:#8b949e}\n.cnncalc .page{fill:#0d1117}\n"
             ".cnncalc .face,.cnncalc .slice{stroke:#0d1117}\n"
             ".cnncalc .arrow,.cnncalc .skip{stroke:#8b949e}\n.cnncalc .tip{fill:#8b949e}\n}\n"
             "</style>\n"
             "<defs><marker id=\"cnncalc-tip\" viewBox=\"0 0 8 8\" refX=\"6\" refY=\"4\" "
             "markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\">"
             "<path class=\"tip\" d=\"M0 0L8 4L0 8Z\"/></marker></defs>\n");
}

/* The title is what a screen reader says of the picture, and a browser shows on it. */
void cnn_draw_open(const cnn_report *report, int64_t width, int64_t height)
{
    const int32_t layers = report->net->layer_count - report->net->input_count;
    cnn_out *out = report->out;
    cnn_draw_number(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"cnncalc\" width=\"",
                    width);
    cnn_draw_number(out, "\" height=\"", height);
    cnn_draw_number(out, "\" viewBox=\"0 0 ", width);
    cnn_draw_number(out, " ", height);
    cnn_out_string(out, "\" role=\"img\">\n<title>");
    cnn_out_int(out, layers);
    cnn_out_string(out, layers == 1 ? " layer, " : " layers, ");
    cnn_out_grouped(out, report->net->totals.params);
    cnn_out_string(out, " parameters</title>\n");
    put_style(out);
    cnn_out_string(out, "<rect class=\"page\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n");
}
