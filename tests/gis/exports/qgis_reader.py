"""Open a project in QGIS, draw it, and print what it holds as JSON. Runs in the Python of QGIS.

Usage: qgis_reader.py PROJECT PICTURE
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    # Not above: pytest imports every module of the tests, in a Python that has no QGIS.
    from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsProject
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    read = project.read(sys.argv[1])
    tree = project.layerTreeRoot()
    layers = []
    for node in tree.findLayers():
        layer = node.layer()
        fields = layer.fields()
        layers.append(
            {
                "title": node.name(),
                "group": node.parent().name(),
                "seen": node.isVisible(),
                "valid": layer.isValid(),
                "source": layer.source(),
                "rows": layer.featureCount(),
                "crs": layer.crs().authid(),
                "categories": [
                    (str(one.value()), one.label()) for one in layer.renderer().categories()
                ]
                if layer.renderer() is not None and layer.renderer().type() == "categorizedSymbol"
                else [],
                "names": {
                    field.name(): layer.attributeDisplayName(k) for k, field in enumerate(fields)
                },
                "widgets": {
                    field.name(): layer.editorWidgetSetup(k).type()
                    for k, field in enumerate(fields)
                },
                "tip": layer.mapTipTemplate(),
            }
        )
    settings = QgsMapSettings()
    settings.setLayers([one for one in tree.layerOrder() if tree.findLayer(one.id()).isVisible()])
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(900, 600))
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(project.viewSettings().defaultViewExtent())
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(sys.argv[2])
    print(
        json.dumps(
            {
                "read": read,
                "title": project.title(),
                "crs": project.crs().authid(),
                "layers": layers,
                "errors": [one.message for one in job.errors()],
            }
        )
    )


if __name__ == "__main__":
    main()
