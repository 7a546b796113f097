"""What a handler may ask for by name: `services`, `identity`, and below a project `project`
and `project_role`. Import the types of those arguments from here, marked for injection.
"""

from __future__ import annotations

from litestar.di import NamedDependency

from kodkod.store import people, projects
from kodkod.web import contract, services

__all__ = ["Identity", "Project", "ProjectRole", "Services"]

Services = NamedDependency[services.Services]
Identity = NamedDependency[people.Identity]
"""Who is signed in."""
Project = NamedDependency[projects.Project]
"""The project of the path's `slug`."""
ProjectRole = NamedDependency[contract.ProjectRole]
"""What the one who asks is in the project."""
